"""What each transform of the library does and when not to use it, in words for somebody who has not read its manual."""

#: Summary and when to avoid it. The library's own first sentences speak of masks, boxes and spectrograms.
WORDS: dict[str, tuple[str, str]] = {
    "AdditiveNoise": (
        "Adds random values to the colours: to the whole image, per pixel or the same for all channels.",
        "Avoid where brightness or fine texture makes the class.",
    ),
    "AdvancedBlur": (
        "Blurs with a bell-shaped kernel of random width, direction and shape.",
        "Avoid where fine texture makes the class, and on images of a few dozen pixels.",
    ),
    "Affine": (
        "Scales, shifts, turns and slants the image at once.",
        "Avoid where position, size or upright shape makes the class.",
    ),
    "AutoContrast": (
        "Stretches brightness over the full range, the darkest and lightest few per cent cut off.",
        "Avoid where exposure tells the classes apart.",
    ),
    "Blur": (
        "Blurs by averaging over squares of random size.",
        "Avoid where fine texture makes the class, and on images of a few dozen pixels.",
    ),
    "CLAHE": (
        "Evens out contrast tile by tile (CLAHE), which brings detail out of shadows.",
        "Avoid where faint contrast makes the class, and for noisy images: noise comes out too.",
    ),
    "ChannelDropout": (
        "Blanks one or more of red, green and blue.",
        "Avoid where colour tells the classes apart.",
    ),
    "ChannelShuffle": (
        "Exchanges red, green and blue at random, so that colours become others.",
        "Avoid wherever colour tells the classes apart.",
    ),
    "ChromaticAberration": (
        "Shifts red and blue against green towards the edges, as a cheap lens does.",
        "Avoid where coloured edges make the class.",
    ),
    "CoarseDropout": (
        "Covers random rectangles of the image, as if something stood in front.",
        "Avoid where what makes the class is small enough to be covered.",
    ),
    "ColorJitter": (
        "Changes brightness, contrast, saturation and hue, in a random order.",
        "Avoid where colour tells the classes apart: by default the hue goes all the way round.",
    ),
    "CropAndPad": (
        "Cuts off or adds a share of each side, and resizes to the size it had.",
        "Avoid where proportions, or what stands at the edge, make the class.",
    ),
    "D4": (
        "Mirrors and turns by quarters, one of all eight ways; width and height swap where an image is not square.",
        "Avoid where up and down or left and right carry meaning, and where all images must have one size.",
    ),
    "Defocus": (
        "Blurs as a lens out of focus does.",
        "Avoid where fine texture makes the class, and on images of a few dozen pixels.",
    ),
    "Downscale": (
        "Loses detail: makes the image smaller, and enlarges it back to its size.",
        "Avoid where fine texture makes the class, and for images that all come from one good camera.",
    ),
    "ElasticTransform": (
        "Shifts pixels along a smooth random field, as if drawn on rubber.",
        "Avoid where exact shape or straight lines make the class.",
    ),
    "Emboss": (
        "Makes edges look raised, mixed with the image itself.",
        "Avoid where fine texture makes the class.",
    ),
    "Equalize": (
        "Spreads brightness so that each level is as frequent as any other.",
        "Avoid where exposure tells the classes apart; it is strong, and does the same each time.",
    ),
    "Erasing": (
        "Covers one rectangle of random size and proportions (Random Erasing).",
        "Avoid where what makes the class is small enough to be covered.",
    ),
    "FDA": (
        "Takes broad light and colour from another image of the class (Fourier domain adaptation).",
        "Avoid where light and colour differ within a class in a way that matters.",
    ),
    "FancyPCA": (
        "Shifts colours along the directions in which those of the image vary most.",
        "Avoid where fine differences of colour make the class.",
    ),
    "FrequencyMasking": (
        "Covers one horizontal strip; made for spectrograms, whose height is frequency.",
        "Avoid where the strip can hide what makes the class.",
    ),
    "GaussNoise": (
        "Adds Gaussian noise to each pixel.",
        "Avoid where fine texture makes the class; the default is strong.",
    ),
    "GaussianBlur": (
        "Blurs with a Gaussian of random width.",
        "Avoid where fine texture makes the class, and on images of a few dozen pixels.",
    ),
    "GlassBlur": (
        "Exchanges neighbouring pixels and blurs, as frosted glass does.",
        "Avoid where fine texture makes the class, and for large images: it is slow.",
    ),
    "GridDistortion": (
        "Stretches and squeezes the cells of a grid at random.",
        "Avoid where exact shape or straight lines make the class.",
    ),
    "GridDropout": (
        "Covers a regular grid of squares.",
        "Avoid where what makes the class is as small as a square.",
    ),
    "GridElasticDeform": (
        "Moves the crossings of a grid at random and bends the image with them.",
        "Avoid where exact shape or straight lines make the class.",
    ),
    "HEStain": (
        "Varies the stain of microscope slides: haematoxylin and eosin, each by itself.",
        "Avoid for anything but tissue stained with haematoxylin and eosin.",
    ),
    "HistogramMatching": (
        "Gives the image the colour distribution of another image of the class.",
        "Avoid where light and colour differ within a class in a way that matters.",
    ),
    "ISONoise": (
        "Adds the coloured grain of a camera at high sensitivity.",
        "Avoid where fine texture makes the class.",
    ),
    "Illumination": (
        "Lights the image unevenly: along a line, in a corner or as a spot.",
        "Avoid where brightness tells the classes apart.",
    ),
    "ImageCompression": (
        "Adds the blocks and rings of strong JPEG or WebP compression.",
        "Avoid where fine texture makes the class, and for images that are never compressed.",
    ),
    "InvertImg": (
        "Turns the image into its negative.",
        "Avoid for photographs: negatives do not occur there. It does the same each time.",
    ),
    "MedianBlur": (
        "Replaces each pixel by the median around it: fine detail goes, edges stay.",
        "Avoid where fine texture or thin lines make the class.",
    ),
    "Morphological": (
        "Thickens or thins bright shapes (dilation or erosion); made for scanned documents.",
        "Avoid where the width of strokes makes the class, and for photographs.",
    ),
    "MotionBlur": (
        "Blurs in one direction, as a moving camera does.",
        "Avoid where fine texture makes the class, and on images of a few dozen pixels.",
    ),
    "MultiplicativeNoise": (
        "Multiplies the colours by a random factor near 1.",
        "Avoid where brightness tells the classes apart.",
    ),
    "OpticalDistortion": (
        "Bends the image as a wide lens does, outwards or inwards.",
        "Avoid where straight lines make the class.",
    ),
    "Perspective": (
        "Shows the image as if seen from another angle; corners that move out of it are cut off.",
        "Avoid where proportions, or what stands at the edge, make the class.",
    ),
    "PiecewiseAffine": (
        "Moves the points of a grid at random and stretches what lies between them.",
        "Avoid where exact shape or straight lines make the class.",
    ),
    "PixelDistributionAdaptation": (
        "Gives the image the mean and spread of colours of another image of the class.",
        "Avoid where light and colour differ within a class in a way that matters.",
    ),
    "PixelDropout": (
        "Blanks single pixels at random.",
        "Avoid where single pixels matter, as in small icons.",
    ),
    "PlanckianJitter": (
        "Changes the colour of the light as between candle, sun and sky.",
        "Avoid where warm and cold colours tell the classes apart.",
    ),
    "PlasmaBrightnessContrast": (
        "Makes some places brighter or richer in contrast than others, in cloud-like patches.",
        "Avoid where brightness tells the classes apart.",
    ),
    "PlasmaShadow": (
        "Darkens the image in cloud-like patches.",
        "Avoid where dark patches make the class.",
    ),
    "Posterize": (
        "Leaves only a few levels of each colour.",
        "Avoid where fine differences of colour make the class.",
    ),
    "RGBShift": (
        "Adds a random number to each of red, green and blue: a colour cast.",
        "Avoid where colour tells the classes apart.",
    ),
    "RandomBrightnessContrast": (
        "Changes brightness and contrast.",
        "Avoid where brightness tells the classes apart.",
    ),
    "RandomCropFromBorders": (
        "Cuts a random share off each side, and resizes to the size it had.",
        "Avoid where proportions, or what stands at the edge, make the class.",
    ),
    "RandomFog": (
        "Lays fog over the image.",
        "Avoid for pictures that are never taken out of doors.",
    ),
    "RandomGamma": (
        "Makes the middle tones lighter or darker; black and white stay.",
        "Avoid where brightness tells the classes apart.",
    ),
    "RandomGravel": (
        "Strews patches of gravel-like specks.",
        "Avoid for pictures that are never taken out of doors, and where specks make the class.",
    ),
    "RandomGridShuffle": (
        "Cuts the image into a grid and exchanges the cells.",
        "Avoid where the arrangement of parts makes the class, as for most objects; it suits textures.",
    ),
    "RandomRain": (
        "Draws streaks of rain, and dims and blurs the image.",
        "Avoid for pictures that are never taken out of doors.",
    ),
    "RandomRotate90": (
        "Turns by no, one, two or three quarters; width and height swap where an image is not square.",
        "Avoid where upright shape makes the class, and where all images must have one size.",
    ),
    "RandomShadow": (
        "Casts shadows with straight edges.",
        "Avoid for pictures that are never taken in sunlight.",
    ),
    "RandomSnow": (
        "Bleaches bright places as snow does, or lays a texture of snow over all.",
        "Avoid for pictures that are never taken out of doors.",
    ),
    "RandomSunFlare": (
        "Adds the glare and circles of sun in the lens.",
        "Avoid for pictures that are never taken towards the light.",
    ),
    "RandomToneCurve": (
        "Bends the relation of dark and light by a random smooth curve.",
        "Avoid where brightness tells the classes apart.",
    ),
    "RingingOvershoot": (
        "Adds ripples beside edges, as strong sharpening does.",
        "Avoid where fine texture makes the class.",
    ),
    "Rotate": (
        "Turns by a random angle; the size is kept, corners are cut off and filled.",
        "Avoid where upright shape makes the class: the default goes to a quarter turn either way.",
    ),
    "SafeRotate": (
        "Turns by a random angle and shrinks the image so that its corners stay inside.",
        "Avoid where upright shape or size makes the class: the default goes to a quarter turn either way.",
    ),
    "SaltAndPepper": (
        "Turns single pixels black or white.",
        "Avoid where single pixels matter, as in small icons.",
    ),
    "Sharpen": (
        "Sharpens edges, mixed with the image itself.",
        "Avoid for noisy images: noise is sharpened too.",
    ),
    "ShotNoise": (
        "Adds the grain of too little light: brighter places get more.",
        "Avoid where fine texture makes the class.",
    ),
    "Solarize": (
        "Inverts whatever is brighter than a threshold.",
        "Avoid for photographs in which light parts make the class.",
    ),
    "Spatter": (
        "Spatters the lens with rain or mud.",
        "Avoid for pictures that are never taken out of doors.",
    ),
    "SquareSymmetry": (
        "Mirrors and turns by quarters like 'd4'; width and height swap where an image is not square.",
        "Avoid where up and down or left and right carry meaning, and where all images must have one size.",
    ),
    "Superpixels": (
        "Paints patches of similar pixels in their mean colour.",
        "Avoid where fine texture makes the class, and for large images: it is slow.",
    ),
    "ThinPlateSpline": (
        "Bends the image smoothly between a few points that move at random.",
        "Avoid where exact shape or straight lines make the class.",
    ),
    "TimeMasking": (
        "Covers one vertical strip; made for spectrograms, whose width is time.",
        "Avoid where the strip can hide what makes the class.",
    ),
    "ToGray": (
        "Takes the colours away; the image keeps its three channels.",
        "Avoid where colour tells the classes apart. It does the same each time.",
    ),
    "ToSepia": (
        "Tints the image brown like an old photograph.",
        "Avoid where colour tells the classes apart. It does the same each time.",
    ),
    "Transpose": (
        "Mirrors along the diagonal: rows become columns, so width and height swap.",
        "Avoid where direction or upright shape makes the class, and where all images must have one size.",
    ),
    "UnsharpMask": (
        "Sharpens edges against a blurred copy, where they stand out enough.",
        "Avoid for noisy images: noise is sharpened too.",
    ),
    "XYMasking": (
        "Covers vertical and horizontal strips; their lengths are in pixels.",
        "Avoid where strips can hide what makes the class.",
    ),
    "ZoomBlur": (
        "Blurs outwards from the centre, as zooming during the exposure does.",
        "Avoid where fine texture makes the class, above all at the edge of the image.",
    ),
}
