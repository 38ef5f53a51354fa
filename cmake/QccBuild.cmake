# How qcc's own targets are built: one precompiled header for all C++ files,
# the shared MLIR and LLVM libraries, warnings as errors.

set(QCC_WARNINGS -Wall -Wextra -Werror -Wno-unused-parameter)

# Fuzzers want coverage and sanitizers in all of qcc. Types of the uninstrumented LLVM libraries cannot
# be checked (vptr, function).
if(QCC_BUILD_FUZZERS)
  add_compile_options(-g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined
                      -fno-sanitize=vptr,function -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# The headers that nearly every file needs, compiled once.
function(qcc_add_pch)
  file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "// Holds the precompiled header.\n")
  add_library(qcc_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
  target_precompile_headers(qcc_pch PRIVATE ${CMAKE_SOURCE_DIR}/compiler/support/Precompiled.h)
  target_compile_options(qcc_pch PRIVATE ${QCC_WARNINGS})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(qcc_pch PRIVATE -fpch-instantiate-templates)
  endif()
endfunction()

# qcc_add_library(<name> SOURCES <files> [LINK <libraries>] [DEPENDS <targets>])
function(qcc_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  qcc_configure_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# qcc_add_executable(<name> SOURCES <files> [LINK <libraries>])
function(qcc_add_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  qcc_configure_target(${name})
  # As the libraries are, since the precompiled header is shared: -fPIC, not the -fPIE of an executable.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  if(QCC_BUILD_FUZZERS)
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/test/fuzz/Sanitizers.cpp)
  endif()
endfunction()

function(qcc_configure_target name)
  target_compile_options(${name} PRIVATE ${QCC_WARNINGS})
  target_precompile_headers(${name} REUSE_FROM qcc_pch)
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(${name} PRIVATE -fpch-instantiate-templates)
  endif()
endfunction()

# qcc_embed_files(<output.cpp> <function> <folder>): a source in the current build folder that defines
# qcc::<function>(), all files below the folder; see compiler/support/EmbeddedFile.h.
function(qcc_embed_files output function folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DROOT=${folder} -DOUTPUT=${CMAKE_CURRENT_BINARY_DIR}/${output} -DFUNCTION=${function}
            -P ${CMAKE_SOURCE_DIR}/cmake/QccEmbedFiles.cmake
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/QccEmbedFiles.cmake ${files}
    COMMENT "Embedding ${folder}"
    VERBATIM)
endfunction()
