/* main.c on an emulated Cortex-M board: runtime/port/arm/startup.c calls port_main after reset, newlib writes
 * through the debugger's semihosting. */
void initialise_monitor_handles(void);
int main(void);
int port_main(void);

int port_main(void) {
  initialise_monitor_handles();
  return main();
}
