"""Trains the weights of <variant>.qm, and writes <variant>.npz and images.npz.

    python3 -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python train.py mnist_train.npz                # all variants
    venv/bin/python train.py mnist_train.npz w1a1 xnor      # two of them

The argument is a file of digits to train on: `images` uint8 [N, 28, 28], `labels` uint8 [N]. The last 2,000 of them are
held out: they say how the training goes, and 20 of them are the images that the example classifies. Only needed to
change the model: its outputs are committed.

Weights and activations are quantized in the forward pass. Gradients pass the quantizers as if they were clamps (the
straight-through estimator, Hubara et al. 2016), and change weights of f32, which are kept in [-1, 1].
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HERE = Path(__file__).resolve().parent
HELD_OUT = 2000


def straight_through(quantized, clamped):
    """The value of `quantized` with the gradient of `clamped`."""
    return clamped + (quantized - clamped).detach()


def sign(x):
    return torch.where(x >= 0, 1.0, -1.0)


def sign_activation(x):
    return straight_through(sign(x), x.clamp(-1, 1))


def two_bit_activation(x):
    """0, 1/3, 2/3 or 1: DoReFa's quantizer (Zhou et al. 2016)."""
    clamped = x.clamp(0, 1)
    return straight_through((clamped * 3 + 0.5).floor() / 3, clamped)


def filter_means(w):
    """The mean magnitude of each filter's weights, in the shape of w."""
    return w.abs().flatten(1).mean(1).view(-1, *[1] * (w.dim() - 1)).expand_as(w)


def sign_weight(w):
    return straight_through(sign(w), w)


def scaled_sign_weight(w):
    """alpha * sign(w), where alpha is the filter's mean magnitude (XNOR-Net, Rastegari et al. 2016)."""
    return straight_through(sign(w) * filter_means(w), w)


TWO_BIT_STEP = 0.05


def two_bit_weight(w):
    """-2, -1, 0 or 1 steps."""
    return straight_through((w / TWO_BIT_STEP).round().clamp(-2, 1) * TWO_BIT_STEP, w)


# Variant: quantizer of weights, quantizer of activations, and the activations' step.
VARIANTS = {
    "w1a1": (sign_weight, sign_activation, 1),
    "w1a2": (sign_weight, two_bit_activation, 1 / 3),
    "w2a2": (two_bit_weight, two_bit_activation, 1 / 3),
    "xnor": (scaled_sign_weight, sign_activation, 1),
}


class Network(nn.Module):
    def __init__(self, variant):
        super().__init__()
        self.weight, self.activation, self.step = VARIANTS[variant]
        shapes = {"c1": (32, 1, 5, 5), "c2": (64, 32, 3, 3), "c3": (64, 64, 3, 3), "head": (10, 64 * 7 * 7)}
        weights = {name: nn.Parameter(torch.rand(shape) * 0.2 - 0.1) for name, shape in shapes.items()}
        self.weights = nn.ParameterDict(weights)
        self.norms = nn.ModuleDict({name: nn.BatchNorm2d(shapes[name][0], eps=1e-3) for name in ("c1", "c2", "c3")})
        self.scale = nn.Parameter(0.02 / self.weight(self.weights["head"]).abs().mean().detach())
        self.bias = nn.Parameter(torch.zeros(10))

    def layer(self, x, name, stride=1):
        """Convolution and batch norm. Black surrounds the images, and the real number 0 all other layers' inputs."""
        weight = self.weight(self.weights[name])
        x = functional.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)
        return self.norms[name](x)

    def features(self, x):
        x = self.activation(self.layer(x, "c1", stride=2))
        # A quantizer never decreases, so that it may come before the pool as well: max(q(a), q(b)) == q(max(a, b)).
        x = self.activation(functional.max_pool2d(self.layer(x, "c2"), 2))
        x = self.activation(self.layer(x, "c3"))
        # The features in the order of NHWC.
        return x.permute(0, 2, 3, 1).flatten(1)

    def scores(self, features):
        return functional.linear(features, self.weight(self.weights["head"])) * self.scale + self.bias

    def forward(self, x):
        return self.scores(self.features(x))

    def clip(self):
        with torch.no_grad():
            for weight in self.weights.values():
                weight.clamp_(-1, 1)


def as_input(images):
    return torch.from_numpy(images[:, None].astype(np.float32) / 255)


def shifted(images, random):
    """Each image moved by up to 1 pixel in both directions."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    offsets = random.integers(0, 3, (len(images), 2))
    return np.stack([image[y : y + 28, x : x + 28] for image, (y, x) in zip(padded, offsets)])


def accuracy(network, images, labels):
    network.eval()
    with torch.no_grad():
        found = torch.cat([network(as_input(part)).argmax(1) for part in np.array_split(images, 20)])
    network.train()
    return (found.numpy() == labels).mean()


def descend(network, loss, optimizer, schedule):
    """One step of training."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    schedule.step()
    network.clip()


def train(network, data, epochs, rate, random):
    images, labels = data["images"][:-HELD_OUT], data["labels"][:-HELD_OUT].astype(np.int64)
    held_out = data["images"][-HELD_OUT:], data["labels"][-HELD_OUT:]
    batch = 100
    steps = len(images) // batch
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * steps, pct_start=0.1)
    for epoch in range(epochs):
        order = random.permutation(len(images))
        for i in range(steps):
            chosen = order[i * batch : (i + 1) * batch]
            logits = network(as_input(shifted(images[chosen], random)))
            loss = functional.cross_entropy(logits, torch.from_numpy(labels[chosen]))
            descend(network, loss, optimizer, schedule)
        print(f"epoch {epoch + 1}: {accuracy(network, *held_out):.4f} of the held-out digits", flush=True)


def recalibrate(network, images, random):
    """Batch norms with the statistics of the final weights, which the running ones lag behind."""
    for norm in network.norms.values():
        norm.reset_running_stats()
        norm.momentum = None  # the mean of all batches
    with torch.no_grad():
        for _ in range(30):
            network(as_input(shifted(images[random.choice(len(images), 100)], random)))


def finish(network, data, epochs, rate, random):
    """Trains the last layer alone, on codes that the others give for each digit once: almost for free."""
    images, labels = data["images"][:-HELD_OUT], torch.from_numpy(data["labels"][:-HELD_OUT].astype(np.int64))
    recalibrate(network, images, random)
    network.eval()

    def codes_of(part):
        return (network.features(as_input(part)) / network.step).round().to(torch.int8)

    with torch.no_grad():
        codes = torch.cat([codes_of(part) for part in np.array_split(images, 100)])
    parameters = [network.weights["head"], network.scale, network.bias]
    batch = 200
    steps = len(images) // batch
    optimizer = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * steps, pct_start=0.1)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images))[: steps * batch].view(steps, batch):
            loss = functional.cross_entropy(network.scores(codes[chosen].float() * network.step), labels[chosen])
            descend(network, loss, optimizer, schedule)
    print(f"last layer: {accuracy(network, data['images'][-HELD_OUT:], data['labels'][-HELD_OUT:]):.4f}", flush=True)


def encode(network, weight):
    """Codes of quantized weights in [filters, height, width, channels], and their scale: one number, or one per filter."""
    values = network.weight(weight).detach().numpy()
    values = values.transpose(0, 2, 3, 1) if values.ndim == 4 else values
    if network.weight is two_bit_weight:
        return np.round(values / TWO_BIT_STEP).astype(np.int8), np.float32(TWO_BIT_STEP)
    scale = np.abs(values.reshape(len(values), -1)[:, 0])
    return values > 0, scale if network.weight is scaled_sign_weight else scale[0]


def export(network, variant):
    """The tensors of a .qm file. The bias is in units of the product of the last layer's input's and weights' scales."""
    tensors = {}
    for name, weight in network.weights.items():
        tensors[f"{name}.weight"], tensors[f"{name}.weight.scale"] = encode(network, weight)
    for name, norm in network.norms.items():
        tensors[f"{name}_bn.gamma"] = norm.weight.detach().numpy()
        tensors[f"{name}_bn.beta"] = norm.bias.detach().numpy()
        tensors[f"{name}_bn.mean"] = norm.running_mean.numpy()
        tensors[f"{name}_bn.variance"] = norm.running_var.numpy()
    scale = tensors["head.weight.scale"] * np.float32(network.scale.item())
    tensors["head.weight.scale"] = scale
    tensors["head.bias"] = np.round(network.bias.detach().numpy() / (scale * network.step)).astype(np.int32)
    np.savez_compressed(HERE / f"{variant}.npz", **tensors)


def export_images(images, labels):
    shown = np.concatenate([np.flatnonzero(labels == digit)[:2] for digit in range(10)])
    np.savez_compressed(HERE / "images.npz", images=images[shown], labels=labels[shown])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="npz with images and labels to train on")
    parser.add_argument("variants", nargs="*", help=f"of {', '.join(VARIANTS)}; all if none is given")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with np.load(arguments.data) as stored:
        data = {name: stored[name] for name in ("images", "labels")}
    export_images(data["images"][-HELD_OUT:], data["labels"][-HELD_OUT:])
    for variant in arguments.variants or VARIANTS:
        torch.manual_seed(1)
        network = Network(variant)
        train(network, data, arguments.epochs, 3e-3, np.random.default_rng(1))
        finish(network, data, 10, 2e-3, np.random.default_rng(2))
        network.eval()
        export(network, variant)


if __name__ == "__main__":
    main()
