/*
 * main.c - the program is its command line.
 */
#include "cli/commands.h"

int main(int argc, char *argv[]) {
    return numu_cli_main(argc, argv);
}
