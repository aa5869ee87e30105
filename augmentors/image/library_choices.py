"""What the library's schema cannot say: which transforms are left out and why, families, friendlier defaults."""

from typing import Any

_BASE = "A base class, not a transform."
_VOLUME = "Works on volumes, not on pictures."
_BOXES = "Needs bounding boxes, which a classification dataset has not."
_MASKS = "Needs masks, which a classification dataset has not."
_SIZE = "Changes the size of the image in pixels only; 'crop_resize' cuts a share and keeps the size."
_RESIZE = "Changes the size only, which training does itself."
_TYPE = "Changes how pixels are stored, not what they show."

#: Transforms that are not offered under their own name, each with the reason.
EXCLUDED: dict[str, str] = {
    "BasicTransform": _BASE,
    "DualTransform": _BASE,
    "ImageOnlyTransform": _BASE,
    "Transform3D": _BASE,
    "CenterCrop3D": _VOLUME,
    "CoarseDropout3D": _VOLUME,
    "CubicSymmetry": _VOLUME,
    "Pad3D": _VOLUME,
    "PadIfNeeded3D": _VOLUME,
    "RandomCrop3D": _VOLUME,
    "ToTensor3D": _VOLUME,
    "AtLeastOneBBoxRandomCrop": _BOXES,
    "BBoxSafeRandomCrop": _BOXES,
    "RandomCropNearBBox": _BOXES,
    "RandomSizedBBoxSafeCrop": _BOXES,
    "ConstrainedCoarseDropout": _MASKS,
    "CropNonEmptyMaskIfExists": _MASKS,
    "MaskDropout": _MASKS,
    "CenterCrop": _SIZE,
    "Crop": _SIZE,
    "RandomCrop": _SIZE,
    "RandomSizedCrop": _SIZE,
    "Resize": _RESIZE,
    "LongestMaxSize": _RESIZE,
    "SmallestMaxSize": _RESIZE,
    "RandomScale": _RESIZE,
    "Pad": "Changes the size of the image; 'crop_and_pad' pads and keeps it.",
    "PadIfNeeded": "Changes the size of the image; 'crop_and_pad' pads and keeps it.",
    "FromFloat": _TYPE,
    "ToFloat": _TYPE,
    "Normalize": _TYPE,
    "ToTensorV2": _TYPE,
    "ToRGB": _TYPE,
    "Lambda": "Runs code of the user's own, which a recipe must not hold.",
    "NoOp": "Does nothing.",
    "OverlayElements": "Needs cut-out elements; 'copy_paste' takes patches from other images of the class.",
    "TextImage": "Needs a font file and texts of the user's own.",
    "ShiftScaleRotate": "The library deprecates it in favour of Affine: see 'affine'.",
    "HorizontalFlip": "Is the same as 'flip'.",
    "VerticalFlip": "Is the same as 'flip' with direction vertical.",
    "TimeReverse": "Is the same as 'flip': the time axis of a spectrogram is its width.",
    "RandomResizedCrop": "Is the same as 'crop_resize'.",
    "HueSaturationValue": "Is the same as 'hue_saturation', in degrees and shares.",
    "Mosaic": "Needs other images handed over; 'mosaic' takes them from the class.",
}

#: Fields that are not offered: (transform, field), or a field of every transform.
LEFT_OUT: dict[str | tuple[str, str], str] = {
    "p": "Every sample is changed; probabilities are for 'pipeline'.",
    "strict": "Concerns the library's own argument checks.",
    "fill_mask": "Concerns masks.",
    "mask_interpolation": "Concerns masks.",
    "mask_drop_value": "Concerns masks.",
    "keypoint_remapping_method": "Concerns keypoints.",
    "mask": "Concerns masks.",
    "mask_params": "Concerns masks.",
    "metadata_key": "Names what we pass along.",
    "reference_images": "The reference is another training image of the class.",
    "read_fn": "Code.",
    "area_for_downscale": "Concerns shrinking, which nothing here does.",
    ("AdditiveNoise", "noise_params"): "A table of numbers that depends on the type of noise; the library's are used.",
    ("Affine", "translate_px"): "Pixels; the share is offered.",
    ("Affine", "fit_output"): "Changes the size of the image.",
    ("AutoContrast", "ignore"): "Optional and off in the library.",
    ("CropAndPad", "px"): "Pixels; the share is offered.",
    ("CropAndPad", "keep_size"): "The size is always kept.",
    ("GridDropout", "unit_size_range"): "Pixels; the number of holes is offered by the ratio.",
    ("GridDropout", "holes_number_xy"): "Optional and off in the library.",
    ("HEStain", "preset"): "One is drawn.",
    ("HEStain", "method"): "The others estimate stains, which needs stained tissue.",
    ("Perspective", "keep_size"): "The size is always kept.",
    ("PiecewiseAffine", "border_mode"): "The library never reaches over the border.",
    ("PiecewiseAffine", "fill"): "The library never reaches over the border.",
    ("PlasmaBrightnessContrast", "plasma_size"): "The library ignores it.",
    ("PlanckianJitter", "temperature_limit"): "Follows from the mode.",
    ("RandomRain", "drop_length"): "Follows from the size of the image.",
    ("Spatter", "color"): "Follows from the mode.",
    ("Superpixels", "max_size"): "Concerns speed only.",
    ("ToGray", "num_output_channels"): "Follows from the image.",
    ("Rotate", "rotate_method"): "Concerns boxes.",
    ("SafeRotate", "rotate_method"): "Concerns boxes.",
    ("Affine", "rotate_method"): "Concerns boxes.",
}

#: Numbers that come in a tuple and are no range.
PAIRS: dict[tuple[str, str], tuple[str, ...]] = {
    ("CLAHE", "tile_grid_size"): ("rows", "columns"),
    ("GridDropout", "shift_xy"): ("x", "y"),
    ("GridElasticDeform", "num_grid_xy"): ("x", "y"),
    ("RandomGridShuffle", "grid"): ("rows", "columns"),
}

#: Where the library has no default, or one that changes nothing.
DEFAULTS: dict[str, dict[str, Any]] = {
    "Affine": {
        "scale": (0.9, 1.1),
        "translate_percent": (-0.08, 0.08),
        "rotate": (-10.0, 10.0),
        "shear": (-5.0, 5.0),
    },
    "AutoContrast": {"cutoff": 2.0},
    "CropAndPad": {"percent": (-0.1, 0.1)},
    "Downscale": {"scale_range": (0.25, 0.5)},
    "ElasticTransform": {"alpha": 50.0, "sigma": 8.0},
    "FancyPCA": {"alpha": 1.0},
    "FDA": {"beta_limit": (0.02, 0.1)},
    "FrequencyMasking": {"freq_mask_param": 30},
    "GaussianBlur": {"sigma_limit": (0.5, 3.0), "blur_limit": (0, 0)},
    "GridElasticDeform": {"num_grid_xy": (4, 4), "magnitude": 10},
    "ImageCompression": {"quality_range": (30, 80)},
    "PixelDropout": {"dropout_prob": 0.02},
    "RandomSunFlare": {"src_radius": 100},
    "Solarize": {"threshold_range": (0.4, 0.7)},
    "Superpixels": {"p_replace": (0.2, 0.6), "n_segments": (30, 60)},
    "RandomShadow": {"shadow_roi": (0.0, 0.4, 1.0, 1.0)},
    "UnsharpMask": {"sigma_limit": (0.5, 2.0)},
    "XYMasking": {"num_masks_x": (1, 2), "num_masks_y": (1, 2), "mask_x_length": (4, 16), "mask_y_length": (4, 16)},
}

_KERNEL: dict[str, float] = {"ge": 3, "le": 99}
_DEGREES: dict[str, float] = {"ge": -360, "le": 360}
_SHIFT: dict[str, float] = {"ge": -255, "le": 255}

#: Bounds that the library leaves open or enforces in code that is no declaration.
LIMITS: dict[tuple[str, str], dict[str, float]] = {
    ("Affine", "rotate"): _DEGREES,
    ("Rotate", "limit"): _DEGREES,
    ("SafeRotate", "limit"): _DEGREES,
    ("AdvancedBlur", "rotate_limit"): _DEGREES,
    ("AdvancedBlur", "blur_limit"): _KERNEL,
    ("Blur", "blur_limit"): _KERNEL,
    ("MedianBlur", "blur_limit"): _KERNEL,
    ("MotionBlur", "blur_limit"): _KERNEL,
    ("RingingOvershoot", "blur_limit"): _KERNEL,
    ("UnsharpMask", "blur_limit"): _KERNEL,
    ("RGBShift", "r_shift_limit"): _SHIFT,
    ("RGBShift", "g_shift_limit"): _SHIFT,
    ("RGBShift", "b_shift_limit"): _SHIFT,
    ("Posterize", "num_bits"): {"ge": 1, "le": 7},
    ("RandomCropFromBorders", "crop_left"): {"ge": 0, "le": 0.45},
    ("RandomCropFromBorders", "crop_right"): {"ge": 0, "le": 0.45},
    ("RandomCropFromBorders", "crop_top"): {"ge": 0, "le": 0.45},
    ("RandomCropFromBorders", "crop_bottom"): {"ge": 0, "le": 0.45},
    ("CoarseDropout", "hole_height_range"): {"ge": 0.01, "le": 1},
    ("CoarseDropout", "hole_width_range"): {"ge": 0.01, "le": 1},
    ("Erasing", "scale"): {"ge": 0.001, "le": 1},
    ("Erasing", "ratio"): {"ge": 0.1, "le": 10},
    ("ChannelDropout", "channel_drop_range"): {"ge": 1, "le": 2},
    ("CropAndPad", "percent"): {"ge": -0.45, "le": 1},
    ("Affine", "scale"): {"ge": 0.1, "le": 10},
    ("AdvancedBlur", "sigma_x_limit"): {"ge": 0.05, "le": 10},
    ("AdvancedBlur", "sigma_y_limit"): {"ge": 0.05, "le": 10},
    ("Downscale", "scale_range"): {"ge": 0.01, "le": 0.99},
    ("FDA", "beta_limit"): {"ge": 0, "le": 0.5},
    ("GlassBlur", "sigma"): {"ge": 0.1, "le": 4},
    ("GlassBlur", "max_delta"): {"ge": 1, "le": 16},
    ("GlassBlur", "iterations"): {"ge": 1, "le": 5},
    ("GridDistortion", "distort_limit"): {"ge": -1, "le": 1},
    ("GridElasticDeform", "num_grid_xy"): {"ge": 1, "le": 12},
    ("GridElasticDeform", "magnitude"): {"ge": 1, "le": 50},
    ("PiecewiseAffine", "scale"): {"ge": 0.001, "le": 0.5},
    ("PiecewiseAffine", "nb_rows"): {"ge": 2, "le": 12},
    ("PiecewiseAffine", "nb_cols"): {"ge": 2, "le": 12},
    ("RingingOvershoot", "cutoff"): {"ge": 0, "le": 3.14159},
    ("ShotNoise", "scale_range"): {"ge": 0.01, "le": 3},
    ("ZoomBlur", "max_factor"): {"ge": 1, "le": 3},
    ("ZoomBlur", "step_factor"): {"ge": 0.005, "le": 0.3},
    ("Affine", "shear"): {"ge": -60, "le": 60},
    ("ColorJitter", "brightness"): {"ge": 0, "le": 3},
    ("ColorJitter", "contrast"): {"ge": 0, "le": 3},
    ("ColorJitter", "saturation"): {"ge": 0, "le": 3},
    ("ColorJitter", "hue"): {"ge": -0.5, "le": 0.5},
}

_FAMILIES = {
    "geometry": "Affine CropAndPad D4 ElasticTransform GridDistortion GridElasticDeform Morphological "
    "OpticalDistortion Perspective PiecewiseAffine RandomCropFromBorders RandomGridShuffle RandomRotate90 Rotate "
    "SafeRotate SquareSymmetry ThinPlateSpline Transpose",
    "colour": "AutoContrast CLAHE ChannelDropout ChannelShuffle ChromaticAberration ColorJitter Equalize FancyPCA "
    "HEStain Illumination InvertImg PlanckianJitter PlasmaBrightnessContrast PlasmaShadow Posterize RGBShift "
    "RandomBrightnessContrast RandomGamma RandomToneCurve Solarize ToGray ToSepia Emboss Sharpen UnsharpMask",
    "blur": "AdvancedBlur Blur Defocus GaussianBlur GlassBlur MedianBlur MotionBlur ZoomBlur",
    "noise": "AdditiveNoise GaussNoise ISONoise MultiplicativeNoise SaltAndPepper ShotNoise RingingOvershoot",
    "weather": "RandomFog RandomGravel RandomRain RandomShadow RandomSnow RandomSunFlare Spatter",
    "dropout": "CoarseDropout Erasing FrequencyMasking GridDropout PixelDropout TimeMasking XYMasking",
    "compression": "Downscale ImageCompression Superpixels",
    "mixing": "FDA HistogramMatching PixelDistributionAdaptation",
}
FAMILY = {name: family for family, names in _FAMILIES.items() for name in names.split()}

#: Keys where the library's own name is taken by a friendlier augmenter.
KEYS = {"Affine": "affine_all_settings", "Blur": "box_blur", "Rotate": "rotate_all_settings"}

#: The friendlier augmenter of the same effect, and what this one has beyond it.
BESIDE = {
    "Affine": "Beyond 'affine': interpolation and all borders.",
    "Blur": "Beyond 'blur': kernel sizes in pixels.",
    "CoarseDropout": "Beyond 'cutout': height and width apart, inpainting.",
    "GaussNoise": "Beyond 'noise': a mean and a coarser grain.",
    "GaussianBlur": "Beyond 'blur': standard deviation in pixels.",
    "MedianBlur": "Beyond 'blur': kernel sizes in pixels.",
    "MotionBlur": "Beyond 'blur': direction and angle.",
    "RandomBrightnessContrast": "Beyond 'brightness_contrast': brightness relative to the image's mean.",
    "FrequencyMasking": "'xy_masking' does it with several strips.",
    "PiecewiseAffine": "Slow: 'elastic_transform' does much the same ten times faster.",
    "TimeMasking": "'xy_masking' does it with several strips.",
    "Rotate": "Beyond 'rotate': interpolation, all borders, cropping of the corners.",
    "SaltAndPepper": "Beyond 'noise': the share of white among the pixels.",
}
#: Turn by quarters: width and height of an image that is not square are swapped.
TURNS = frozenset({"D4", "RandomRotate90", "SquareSymmetry", "Transpose"})

_MIRRORS = ("flip.HorizontalFlip", "flip.VerticalFlip")
#: What a transform does among other things, by the names that a class is protected from.
ALSO_DOES: dict[str, tuple[str, ...]] = {
    "D4": (*_MIRRORS, "rotate"),
    "RandomRotate90": ("rotate",),
    "Rotate": ("rotate",),
    "SafeRotate": ("rotate",),
    "SquareSymmetry": (*_MIRRORS, "rotate"),
    "Transpose": _MIRRORS,
}

#: Their effect is on colours; on a grey image nothing sensible is left of it.
COLOURS_ONLY = frozenset(
    {
        "ChannelDropout",
        "ChannelShuffle",
        "ChromaticAberration",
        "FancyPCA",
        "HEStain",
        "PlanckianJitter",
        "RGBShift",
        "ToGray",
        "ToSepia",
    }
)

#: Fields that count only with another setting: said in their help, and used when they are tried.
DEPENDS: dict[tuple[str, str], dict[str, Any]] = {
    ("AdditiveNoise", "approximation"): {"spatial_mode": "per_pixel"},
    ("GridDropout", "shift_xy"): {"random_offset": False},
    ("Illumination", "angle_range"): {"mode": "linear"},
    ("Illumination", "center_range"): {"mode": "gaussian"},
    ("Illumination", "sigma_range"): {"mode": "gaussian"},
    ("Sharpen", "kernel_size"): {"method": "gaussian"},
    ("Sharpen", "sigma"): {"method": "gaussian"},
    ("Sharpen", "lightness"): {"method": "kernel"},
}

#: Pixels of the shorter side below which a transform whose marks are counted in pixels has no room for them.
ROOM = {"RandomGravel": 256}

#: Sizes that must be odd.
ODD = frozenset({("Sharpen", "kernel_size"), ("RandomRain", "blur_value")})

#: Bounds of one end of a range only.
END_LIMITS: dict[tuple[str, str], dict[str, dict[str, float]]] = {
    ("AdvancedBlur", "beta_limit"): {"min": {"ge": 0, "lt": 1}, "max": {"gt": 1, "le": 80}},
}

#: Choices that the library declares and OpenCV refuses.
UNFIT = {("ChromaticAberration", "interpolation"): ("linear_exact", "nearest_exact")}

#: Write into the image they are given.
WRITES = frozenset({"Equalize"})
