// The plain page that phones see after a full navigation: language, end time and the way back. No request.
import { timeOfDay } from './lib/format';
import { firstLanguage } from './lib/language';
import { addressOf, contextOf } from './lib/route';
import { en } from './messages/en';
import { vi } from './messages/vi';

const context = contextOf(location.search);
const language = firstLanguage(context.language, navigator.languages, null);
const text = (language === 'vi' ? vi : en).online;
document.documentElement.lang = language;
document.title = `WiFi · ${text.title}`;

for (const element of document.querySelectorAll<HTMLElement>('[data-text]'))
  element.textContent = text[element.dataset['text'] as keyof typeof text];

document.querySelector('a')?.setAttribute('href', addressOf({ page: 'session' }, context));

const until = new URLSearchParams(location.search).get('until');
const shown = until === null ? '' : timeOfDay(until, language, new Date());
const line = document.querySelector<HTMLElement>('.until');
if (shown !== '' && line !== null) {
  line.hidden = false;
  const time = line.querySelector('strong');
  if (time !== null) time.textContent = shown;
}
