/** The picture library as the engine uses it. */
import sharp from 'sharp';

// It keeps results of up to 50 MB for when the same picture is asked for again; here every picture is another one.
sharp.cache(false);

export { sharp };
