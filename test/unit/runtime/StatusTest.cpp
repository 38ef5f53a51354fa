// The texts of statuses.
#include "catch2/catch.hpp"
#include "qcc/runtime.h"

#include <cstring>

TEST_CASE("every status has its own text") {
  for (int status = QCC_OK; status <= QCC_ERROR_CPU; ++status)
    for (int other = QCC_OK; other < status; ++other)
      CHECK(std::strcmp(qcc_status_string(qcc_status(status)), qcc_status_string(qcc_status(other))) != 0);
  CHECK(std::string(qcc_status_string(QCC_OK)) == "ok");
  CHECK(std::string(qcc_status_string(qcc_status(8))) == "unknown status");
}
