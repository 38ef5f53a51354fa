"""module.py QCC: tests of the module `qcc`, which is installed, against the command."""

import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np

import qcc

COMMAND = sys.argv.pop()

MODEL = """model m(x: f32[1, 8, 8, 2]) -> f32[1, 3] {
  weights "w.npz"
  return conv2d(x, "c", filters: 4, kernel: 3) |> relu |> reshape([1, 256]) |> dense("d", units: 3)
}
"""
SUM = """model sum(a: f32[1, 4], b: f32[1, 4]) -> f32[1, 4] {
  return add(a, b)
}
"""


class ModuleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        random = np.random.default_rng(1)
        weights = {"c.weight": (4, 3, 3, 2), "c.bias": (4,), "d.weight": (3, 256)}
        np.savez(self.folder / "w.npz", **{name: random.normal(size=shape).astype("f4") for name, shape in weights.items()})
        (self.folder / "m.qm").write_text(MODEL)
        (self.folder / "sum.qm").write_text(SUM)
        self.model = qcc.load(self.folder / "m.qm")
        self.images = random.integers(0, 256, (20, 8, 8, 2), dtype="u1")

    def quantized(self, **options):
        return qcc.quantize(self.model, self.images, scale="1/255", **options)

    def command(self, *arguments):
        return subprocess.run([COMMAND, *arguments], check=True, capture_output=True, text=True, cwd=self.folder).stdout

    def test_ports(self):
        (port,) = self.model.inputs
        self.assertEqual((port.name, port.shape, port.format), ("x", (1, 8, 8, 2), "f32"))
        self.assertEqual(self.model.outputs[0].shape, (1, 3))
        self.assertEqual(repr(self.model), "<qcc.Model m(x: f32[1, 8, 8, 2]) -> (y: f32[1, 3])>".replace("y:", f"{self.model.outputs[0].name}:"))

    def test_quantize_is_the_command(self):
        small = self.quantized(precision=["c=w4a8", "d=w6a8"])
        small.save(self.folder / "saved.qm")
        np.savez(self.folder / "images.npz", images=self.images)
        self.command("quantize", "m.qm", "--calibrate", "images.npz", "--scale=1/255", "--precision=c=w4a8", "--precision=d=w6a8", "-o", "q.qm")
        self.assertEqual(self.command("inspect", "saved.qm", "--json", "--name=m"), self.command("inspect", "q.qm", "--json", "--name=m"))

    def test_budget(self):
        small = self.quantized(budget="weights<=800", candidates="w8a8,w4a8", report=self.folder / "r.html")
        self.assertIn("chosen", small.log)
        self.assertIn("qcc-pareto", (self.folder / "r.html").read_text())

    def test_run(self):
        inputs = self.images.astype("f4") / 255
        outputs = qcc.run(self.model, inputs)
        self.assertEqual((outputs.shape, outputs.dtype), ((20, 3), np.dtype("f4")))
        np.testing.assert_allclose(outputs, qcc.run(self.model, inputs, backend="reference"), rtol=1e-4, atol=1e-4)
        # Any order in memory is taken, and a view, too.
        np.testing.assert_array_equal(outputs[::2], qcc.run(self.model, np.asfortranarray(inputs)[::2]))

    def test_several_inputs(self):
        model = qcc.load(self.folder / "sum.qm")
        a, b = np.ones((5, 4), "f4"), np.arange(20, dtype="f4").reshape(5, 4)
        np.testing.assert_array_equal(qcc.run(model, {"a": a, "b": b}), a + b)
        small = qcc.quantize(model, {"a": a, "b": b})
        self.assertEqual([port.format for port in small.inputs], ["int8", "int8"])

    def test_evaluate(self):
        labels = qcc.run(self.model, self.images.astype("f4") / 255).argmax(axis=1)
        result = qcc.evaluate(self.quantized(), self.images, labels, against=self.model, scale="1/255", compare=3)
        self.assertGreater(result["accuracy"], 0.9)
        self.assertEqual([layer["layer"] for layer in result["layers"]][0], "c")

    def test_algorithms(self):
        labels = qcc.run(self.model, self.images.astype("f4") / 255).argmax(axis=1)
        small = self.quantized(algorithm="c=winograd(f4,tapwise,10,100points)", labels=labels)
        small.save(self.folder / "f4.qm")
        self.assertIn("tapwise", (self.folder / "f4.qm").read_text())
        with self.assertRaisesRegex(qcc.Error, "one integer label for each of the 20 samples"):
            self.quantized(algorithm="c=winograd(f4,tapwise,10,1points)", labels=labels[:7])
        result = qcc.evaluate(self.quantized(), self.images, labels, algorithms=True, scale="1/255")
        self.assertEqual([layer["layer"] for layer in result["algorithms"]["layers"]], ["c"])

    def test_compile(self):
        compiled = qcc.compile(self.quantized(), "cortex-m4", O="s")
        self.assertEqual((compiled.name, compiled.object[:4]), ("m", b"\x7fELF"))
        paths = compiled.write(self.folder / "firmware")
        self.assertIn("m_run(", paths[1].read_text())
        self.assertEqual(qcc.inspect(self.quantized(), "cortex-m4")["target"], "cortex-m4")

    def test_errors(self):
        with self.assertRaisesRegex(qcc.Error, "nowhere.qm': no such file"):
            qcc.load("nowhere.qm")
        with self.assertRaisesRegex(ValueError, "nonsense"):
            qcc.compile(self.model, nonsense=3)
        with self.assertRaisesRegex(qcc.Error, r"in array 'samples', but it is|no array|expects samples"):
            qcc.quantize(self.model, np.zeros((3, 5), "f4"))
        (self.folder / "bad.qm").write_text("model m(")
        with self.assertRaisesRegex(qcc.Error, r"bad.qm:1:\d+: error: .*\nmodel m\("):
            qcc.load(self.folder / "bad.qm")

    def test_threads(self):
        small = self.quantized()
        codes = np.zeros((4, 8, 8, 2), "i1")
        results = [None] * 4

        def work(number):
            results[number] = qcc.run(small, codes)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for result in results:
            np.testing.assert_array_equal(result, results[0])


unittest.main()
