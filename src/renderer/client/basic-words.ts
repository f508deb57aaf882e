/** What is said while only the model that comes with the program finds people and vehicles. */
import { t } from '@lingui/core/macro';
export const BASIC_WORDS = t`The basic model that comes with the program is in use. It finds people and vehicles that are large and clear in the picture, misses more of those that are small, distant or in the dark, and takes other things for them more often.`;
