"""Trains the weights of w1a1.qm, and writes w1a1.npz and images.npz.

    python3 -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python train.py mnist_train.npz

The argument is a file of digits to train on: `images` uint8 [N, 28, 28], `labels` uint8 [N]. The last 2,000 of them are
held out: they say how the training goes, and 20 of them are the images that the example classifies. Only needed to
change the model: its outputs are committed.

Weights and activations are signs in the forward pass. Gradients pass the signs as if they were clamps (the
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


def sign_weight(w):
    return straight_through(sign(w), w)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        shapes = {"c1": (32, 1, 5, 5), "c2": (64, 32, 3, 3), "c3": (64, 64, 3, 3), "head": (10, 64 * 7 * 7)}
        weights = {name: nn.Parameter(torch.rand(shape) * 0.2 - 0.1) for name, shape in shapes.items()}
        self.weights = nn.ParameterDict(weights)
        self.norms = nn.ModuleDict({name: nn.BatchNorm2d(shapes[name][0], eps=1e-3) for name in ("c1", "c2", "c3")})
        self.scale = nn.Parameter(torch.tensor(0.02))
        self.bias = nn.Parameter(torch.zeros(10))

    def layer(self, x, name, stride=1):
        """Convolution and batch norm. Black surrounds the images, and the real number 0 all other layers' inputs."""
        weight = sign_weight(self.weights[name])
        x = functional.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)
        return self.norms[name](x)

    def features(self, x):
        x = sign_activation(self.layer(x, "c1", stride=2))
        # A sign never decreases, so that it may come before the pool as well: max(sign(a), sign(b)) == sign(max(a, b)).
        x = sign_activation(functional.max_pool2d(self.layer(x, "c2"), 2))
        x = sign_activation(self.layer(x, "c3"))
        # The features in the order of NHWC.
        return x.permute(0, 2, 3, 1).flatten(1)

    def scores(self, features):
        return functional.linear(features, sign_weight(self.weights["head"])) * self.scale + self.bias

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
    """Trains the last layer alone, on bits that the others give for each digit once: almost for free."""
    images, labels = data["images"][:-HELD_OUT], torch.from_numpy(data["labels"][:-HELD_OUT].astype(np.int64))
    recalibrate(network, images, random)
    network.eval()
    with torch.no_grad():
        features = torch.cat([network.features(as_input(part)).to(torch.int8) for part in np.array_split(images, 100)])
    parameters = [network.weights["head"], network.scale, network.bias]
    batch = 200
    steps = len(images) // batch
    optimizer = torch.optim.Adam(parameters, lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=epochs * steps, pct_start=0.1)
    for _ in range(epochs):
        for chosen in torch.randperm(len(images))[: steps * batch].view(steps, batch):
            loss = functional.cross_entropy(network.scores(features[chosen].float()), labels[chosen])
            descend(network, loss, optimizer, schedule)
    print(f"last layer: {accuracy(network, data['images'][-HELD_OUT:], data['labels'][-HELD_OUT:]):.4f}", flush=True)


def export(network):
    """The tensors of a .qm file: bits in [filters, height, width, channels], and the magnitude of the last layer's."""
    tensors = {}
    for name, weight in network.weights.items():
        bits = weight.detach().numpy() >= 0
        tensors[f"{name}.weight"] = bits.transpose(0, 2, 3, 1) if bits.ndim == 4 else bits
    for name, norm in network.norms.items():
        tensors[f"{name}_bn.gamma"] = norm.weight.detach().numpy()
        tensors[f"{name}_bn.beta"] = norm.bias.detach().numpy()
        tensors[f"{name}_bn.mean"] = norm.running_mean.numpy()
        tensors[f"{name}_bn.variance"] = norm.running_var.numpy()
    scale = np.float32(network.scale.item())
    tensors["head.weight.scale"] = scale
    tensors["head.bias"] = np.round(network.bias.detach().numpy() / scale).astype(np.int32)
    np.savez_compressed(HERE / "w1a1.npz", **tensors)


def export_images(images, labels):
    shown = np.concatenate([np.flatnonzero(labels == digit)[:2] for digit in range(10)])
    np.savez_compressed(HERE / "images.npz", images=images[shown], labels=labels[shown])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="npz with images and labels to train on")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with np.load(arguments.data) as stored:
        data = {name: stored[name] for name in ("images", "labels")}
    export_images(data["images"][-HELD_OUT:], data["labels"][-HELD_OUT:])
    torch.manual_seed(1)
    network = Network()
    train(network, data, arguments.epochs, 3e-3, np.random.default_rng(1))
    finish(network, data, 10, 2e-3, np.random.default_rng(2))
    network.eval()
    export(network)


if __name__ == "__main__":
    main()
