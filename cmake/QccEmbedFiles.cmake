# Writes OUTPUT, a C++ file with every file below ROOT as a string, for the function qcc::FUNCTION; see
# compiler/support/EmbeddedFile.h.
#   cmake -DROOT= -DOUTPUT= -DFUNCTION= -P QccEmbedFiles.cmake
file(GLOB_RECURSE names RELATIVE ${ROOT} ${ROOT}/*)
list(SORT names)
set(entries "")
foreach(name ${names})
  # READ keeps semicolons and brackets only if the value is never treated as a list: always quote it.
  file(READ ${ROOT}/${name} text)
  string(APPEND entries "    {\"${name}\", R\"qcc-file(${text})qcc-file\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated.
#include \"compiler/support/EmbeddedFile.h\"

static const qcc::EmbeddedFile files[] = {
${entries}};

namespace qcc {
llvm::ArrayRef<EmbeddedFile> ${FUNCTION}() { return files; }
} // namespace qcc
")
