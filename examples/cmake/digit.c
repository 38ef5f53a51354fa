/* Which digit is on a picture: digit picture.pgm (28x28 grey levels, white on black). */
#include "model.h"

#include <stdio.h>

static unsigned char arena[MNIST_ARENA_BYTES] __attribute__((aligned(MNIST_ARENA_ALIGN)));

/* Reads a binary PGM of 28x28 into real values from 0 to 1; 0 if the file is no such picture. */
static int read_picture(const char *path, float image[MNIST_IMAGE_ELEMENTS]) {
  unsigned char pixels[MNIST_IMAGE_ELEMENTS];
  int width = 0, height = 0, maximum = 0;
  FILE *file = fopen(path, "rb");
  if (!file)
    return 0;
  int good = fscanf(file, "P5 %d %d %d", &width, &height, &maximum) == 3 && width == 28 && height == 28 &&
             maximum == 255 && fgetc(file) != EOF && fread(pixels, 1, sizeof pixels, file) == sizeof pixels;
  fclose(file);
  for (int i = 0; good && i < MNIST_IMAGE_ELEMENTS; ++i)
    image[i] = pixels[i] / 255.0f;
  return good;
}

int main(int argc, char **argv) {
  float image[MNIST_IMAGE_ELEMENTS], probabilities[MNIST_OUTPUT_ELEMENTS];
  if (argc != 2 || !read_picture(argv[1], image)) {
    fprintf(stderr, "usage: digit picture.pgm (binary PGM, 28x28, 255 levels)\n");
    return 1;
  }
  mnist_run(&(mnist_inputs){image}, &(mnist_outputs){probabilities}, arena);
  int best = 0;
  for (int i = 1; i < MNIST_OUTPUT_ELEMENTS; ++i)
    if (probabilities[i] > probabilities[best])
      best = i;
  printf("%d (%.1f %%)\n", best, 100 * (double)probabilities[best]);
  return 0;
}
