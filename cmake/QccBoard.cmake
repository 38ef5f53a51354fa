# A toolchain file: programs for the boards that qcc's tests run on in an emulator.
#
#   cmake -S app -B build --toolchain <qcc>/cmake/QccBoard.cmake -DQCC_BOARD=cortex-m4
#   cmake --build build && ctest --test-dir build
#
# QCC_BOARD is a target of qcc that runtime/port/boards.json has a board for. In the CMakeLists.txt of the app,
#
#   qcc_link_board(<executable>)
#
# adds start-up code, linker script and a printf that reaches the emulator's console. Tests of add_test run in the
# emulator. Assembly is among the sources: project(app C ASM).

set(QCC_PORT ${CMAKE_CURRENT_LIST_DIR}/../runtime/port)
set(QCC_BOARD "" CACHE STRING "The target of qcc whose board programs are built for")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES QCC_BOARD)
file(READ ${QCC_PORT}/boards.json qcc_boards)

# Sets `result` to the entries of a JSON list or string, the family's before the board's; empty if there are none.
function(qcc_board_field result key)
  set(entries "")
  foreach(object IN ITEMS "${qcc_board_family}" "${qcc_board}")
    string(JSON value ERROR_VARIABLE missing GET "${object}" ${key})
    string(JSON type ERROR_VARIABLE missing TYPE "${object}" ${key})
    if(type STREQUAL "STRING")
      list(APPEND entries ${value})
    elseif(type STREQUAL "ARRAY")
      string(JSON count LENGTH "${value}")
      math(EXPR last "${count} - 1")
      foreach(index RANGE ${last})
        string(JSON entry GET "${value}" ${index})
        list(APPEND entries ${entry})
      endforeach()
    endif()
  endforeach()
  set(${result} ${entries} PARENT_SCOPE)
endfunction()

# Find the board.
string(JSON count LENGTH "${qcc_boards}" boards)
math(EXPR last "${count} - 1")
unset(qcc_board)
set(names "")
foreach(index RANGE ${last})
  string(JSON name GET "${qcc_boards}" boards ${index} target)
  list(APPEND names ${name})
  if(name STREQUAL QCC_BOARD)
    string(JSON qcc_board GET "${qcc_boards}" boards ${index})
    string(JSON family GET "${qcc_board}" family)
    string(JSON qcc_board_family GET "${qcc_boards}" families ${family})
  endif()
endforeach()
if(NOT qcc_board)
  list(JOIN names ", " names)
  message(FATAL_ERROR "expects QCC_BOARD to be one of ${names}, but got '${QCC_BOARD}'")
endif()

# The compiler, which also links.
qcc_board_field(compiler compiler)
qcc_board_field(flags flags)
list(GET compiler 0 CMAKE_C_COMPILER)
string(REGEX REPLACE "gcc$" "g++" CMAKE_CXX_COMPILER ${CMAKE_C_COMPILER})
set(CMAKE_ASM_COMPILER ${CMAKE_C_COMPILER})
list(JOIN flags " " flags)
foreach(language C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT "${flags}")
endforeach()
# Nothing links before qcc_link_board says where.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# The emulator; a flag that names a file of runtime/port means that file.
qcc_board_field(emulator emulator)
qcc_board_field(emulatorFlags emulatorFlags)
qcc_board_field(programFlags programFlags)
list(GET emulator 0 CMAKE_CROSSCOMPILING_EMULATOR)
foreach(flag ${emulatorFlags} ${programFlags})
  if(EXISTS ${QCC_PORT}/${flag})
    set(flag ${QCC_PORT}/${flag})
  endif()
  list(APPEND CMAKE_CROSSCOMPILING_EMULATOR ${flag})
endforeach()

function(qcc_link_board target)
  qcc_board_field(sources sources)
  qcc_board_field(console console)
  qcc_board_field(script linkerScript)
  list(TRANSFORM sources PREPEND ${QCC_PORT}/)
  target_sources(${target} PRIVATE ${sources})
  target_include_directories(${target} PRIVATE ${QCC_PORT}/harness ${QCC_PORT}/semihosting)
  target_compile_options(${target} PRIVATE -ffunction-sections ${console})
  target_link_options(${target} PRIVATE ${console} -Wl,--gc-sections)
  if(script)
    cmake_path(GET script PARENT_PATH folder)
    # One memory may hold code and data, and semihosting.c has an assembly function.
    target_link_options(${target} PRIVATE -T ${QCC_PORT}/${script} -L${QCC_PORT}/${folder}
                        -Wl,--no-warn-rwx-segments,--no-warn-execstack)
    set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${QCC_PORT}/${script})
  endif()
endfunction()
