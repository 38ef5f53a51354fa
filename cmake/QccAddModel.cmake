# Compiled models in a CMake build:
#
#   include(<qcc>/cmake/QccAddModel.cmake)
#   add_executable(app main.c)
#   qcc_add_model(app kws.qm TARGET cortex-m4)
#
# compiles the model whenever it or the compiler changes, links kws.o into `app` and puts kws.h and qcc/runtime.h
# on its include path.
#
# qcc_add_model(<target> <model> [TARGET <qcc target>] [NAME <stem of .o and .h>] [OPTIONS <more for qcc compile>]
#               [DEPENDS <files>])
# TARGET is `host` by default; with several, as x86-64-v3+v4, what asks the CPU is linked, too. NAME is the model's file
# name. DEPENDS are files that the model reads beside those that qcc says itself.

get_filename_component(QCC_ROOT ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
find_program(QCC_EXECUTABLE qcc HINTS ${QCC_ROOT}/build/bin REQUIRED DOC "The model compiler")

function(qcc_add_model target model)
  cmake_parse_arguments(ARG "" "TARGET;NAME" "OPTIONS;DEPENDS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "qcc_add_model does not know the arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_TARGET)
    set(ARG_TARGET host)
  endif()
  cmake_path(ABSOLUTE_PATH model)
  if(NOT ARG_NAME)
    cmake_path(GET model STEM ARG_NAME)
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/qcc/${target})
  file(MAKE_DIRECTORY ${folder})
  set(stem ${folder}/${ARG_NAME})
  add_custom_command(
    OUTPUT ${stem}.o ${stem}.h
    COMMAND ${QCC_EXECUTABLE} compile ${model} --target=${ARG_TARGET} -o ${stem}.o --depfile ${stem}.d ${ARG_OPTIONS}
    DEPENDS ${model} ${QCC_EXECUTABLE} ${ARG_DEPENDS}
    DEPFILE ${stem}.d
    COMMENT "Compiling the model ${ARG_NAME} for ${ARG_TARGET}"
    VERBATIM)
  set_source_files_properties(${stem}.o PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  target_sources(${target} PRIVATE ${stem}.o ${stem}.h)
  if(ARG_TARGET MATCHES "\\+")
    target_sources(${target} PRIVATE ${QCC_ROOT}/runtime/src/cpu.c)
  endif()
  target_include_directories(${target} PRIVATE ${folder} ${QCC_ROOT}/runtime/include)
endfunction()
