import './styles/base.css';
import './styles/parts.css';
import './styles/features.css';
import './styles/pay.css';
import './styles/records.css';
import './styles/media.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('app');
if (target !== null) mount(App, { target });

// A page that the browser kept while it was elsewhere shows old times and follows nothing any more.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
