// The generated reader of the format, whose header has warnings of its own.
#ifndef QCC_COMPILER_IMPORT_ONNX_SCHEMA_H
#define QCC_COMPILER_IMPORT_ONNX_SCHEMA_H

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Weverything"
#include "onnx.pb.h"
#pragma clang diagnostic pop

#endif // QCC_COMPILER_IMPORT_ONNX_SCHEMA_H
