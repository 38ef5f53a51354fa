# Writes OUTPUT, a C++ file with every file below ROOT as a string; see Boards.h.
file(GLOB_RECURSE names RELATIVE ${ROOT} ${ROOT}/*)
list(SORT names)
set(entries "")
foreach(name ${names})
  # READ keeps semicolons and brackets only if the value is never treated as a list: always quote it.
  file(READ ${ROOT}/${name} text)
  string(APPEND entries "    {\"${name}\", R\"qcc-port(${text})qcc-port\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from runtime/port.
#include \"compiler/verify/Boards.h\"

static const qcc::PortFile files[] = {
${entries}};

llvm::ArrayRef<qcc::PortFile> qcc::portFiles() { return files; }
")
