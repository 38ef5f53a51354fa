// The digits network as a class that owns its memory, in C++ without the standard library.
#include "images.h"
#include "mnist.h"

#include <stdio.h>

namespace {

struct Guess {
  int digit, percent;
};

class DigitClassifier {
public:
  // The image is written where the model wants it and the scores are read where it leaves them: nothing is copied.
  Guess operator()(const uint8_t (&pixels)[IMAGE_PIXELS]) {
    int8_t *image = MNIST_IMAGE_IN(arena), *scores = MNIST_OUTPUT_IN(arena);
    for (int i = 0; i < MNIST_IMAGE_ELEMENTS; ++i)
      image[i] = codeOf(pixels[i]);
    mnist_inputs inputs = {image};
    mnist_outputs outputs = {scores};
    if (mnist_run(&inputs, &outputs, arena) != 0)
      return {-1, 0};
    int best = 0;
    for (int i = 1; i < MNIST_OUTPUT_ELEMENTS; ++i)
      best = scores[i] > scores[best] ? i : best;
    return {best, static_cast<int>(100 * MNIST_OUTPUT_SCALE * (scores[best] - MNIST_OUTPUT_ZERO))};
  }

private:
  // The model's code of a pixel whose real value is pixel / 255.
  static int8_t codeOf(uint8_t pixel) {
    constexpr float step = static_cast<float>(1 / (255 * MNIST_IMAGE_SCALE));
    int code = static_cast<int>(pixel * step + 0.5f) + MNIST_IMAGE_ZERO;
    return static_cast<int8_t>(code > 127 ? 127 : code);
  }

  alignas(MNIST_ARENA_ALIGN) unsigned char arena[MNIST_ARENA_BYTES];
};

DigitClassifier classify;

} // namespace

int main() {
  int right = 0;
  for (int i = 0; i < IMAGE_COUNT; ++i) {
    Guess guess = classify(images[i]);
    printf("%d (%d %%)%s\n", guess.digit, guess.percent, guess.digit == labels[i] ? "" : " is wrong");
    right += guess.digit == labels[i];
  }
  printf("%d of %d digits are right\n", right, IMAGE_COUNT);
  return right < IMAGE_COUNT - 2; // a digit or two may be unreadable
}
