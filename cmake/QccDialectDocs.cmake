# Writes docs/ops/<DIALECT>.md, or with CHECK fails if the file is not what would be written.
#   cmake -DROOT= -DINCLUDES= -DTABLEGEN= -DDIALECT= -DTABLE= [-DCHECK=ON] -P QccDialectDocs.cmake
set(include_flags -I ${ROOT})
foreach(folder ${INCLUDES})
  list(APPEND include_flags -I ${folder})
endforeach()
execute_process(COMMAND ${TABLEGEN} -gen-dialect-doc -dialect=${DIALECT} ${include_flags} ${ROOT}/${TABLE}
                OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
# A marker for another documentation tool, and blank lines in a row.
string(REPLACE "[TOC]\n\n" "" text "${text}")
string(REGEX REPLACE "\n\n\n+" "\n\n" text "${text}")
set(path ${ROOT}/docs/ops/${DIALECT}.md)
if(NOT CHECK)
  file(WRITE ${path} "${text}")
  return()
endif()
file(READ ${path} committed)
if(NOT committed STREQUAL text)
  message(FATAL_ERROR "docs/ops/${DIALECT}.md is not what ${TABLE} says; build the target docs")
endif()
