import { lookAt } from './look.mjs';
import { payScenes } from './pay_scenes.mjs';

lookAt('scenes of paying', payScenes);
