// AddressSanitizer's defaults for a program that links uninstrumented LLVM libraries.

// LLVM's allocators poison memory in the headers that we compile and use it in the
// libraries, which do not: such reports would be false.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }
