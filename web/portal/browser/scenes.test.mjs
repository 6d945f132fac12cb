import { lookAt } from './look.mjs';
import { scenes } from './scenes.mjs';

lookAt('scenes', scenes);
