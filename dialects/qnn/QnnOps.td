#ifndef QCC_DIALECTS_QNN_QNNOPS_TD
#define QCC_DIALECTS_QNN_QNNOPS_TD

include "dialects/qnn/QnnContractionOps.td"
include "dialects/qnn/QnnElementwiseOps.td"
include "dialects/qnn/QnnFormatOps.td"
include "dialects/qnn/QnnPoolOps.td"
include "dialects/qnn/QnnShapeOps.td"

#endif // QCC_DIALECTS_QNN_QNNOPS_TD
