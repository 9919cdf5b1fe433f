/*
 * commands.h - one function a command: calls its use case, hands out what view makes of the
 * result, returns the exit status.
 */
#ifndef NUMU_CLI_COMMANDS_H
#define NUMU_CLI_COMMANDS_H

#include "cli/options.h"

/* Exit status (docs/reference, "Exit status"). */
enum {
    NUMU_EXIT_DONE = 0,
    NUMU_EXIT_NO = 1,
    NUMU_EXIT_USAGE = 2,
    NUMU_EXIT_MACHINE = 3,
    NUMU_EXIT_INTERRUPTED = 130
};

int numu_command_init(const struct numu_invocation *invocation);
int numu_command_check(const struct numu_invocation *invocation);
int numu_command_schema(const struct numu_invocation *invocation);
int numu_command_explain(const struct numu_invocation *invocation);
int numu_command_schedule(const struct numu_invocation *invocation);
int numu_command_verify(const struct numu_invocation *invocation);
int numu_command_risk(const struct numu_invocation *invocation);
int numu_command_screen(const struct numu_invocation *invocation);
int numu_command_stress(const struct numu_invocation *invocation);
int numu_command_plan(const struct numu_invocation *invocation);
int numu_command_report(const struct numu_invocation *invocation);
int numu_command_convert(const struct numu_invocation *invocation);
int numu_command_diff(const struct numu_invocation *invocation);
int numu_command_storage_distance(const struct numu_invocation *invocation);
int numu_command_storage_mix(const struct numu_invocation *invocation);
int numu_command_storage_limits(const struct numu_invocation *invocation);
int numu_command_storage_place(const struct numu_invocation *invocation);
int numu_command_form_storage_licence(const struct numu_invocation *invocation);
int numu_command_form_mark(const struct numu_invocation *invocation);
int numu_command_form(const struct numu_invocation *invocation);
int numu_command_rules_list(const struct numu_invocation *invocation);
int numu_command_rules_show(const struct numu_invocation *invocation);
int numu_command_rules_revoke(const struct numu_invocation *invocation);
int numu_command_rules_import(const struct numu_invocation *invocation);
int numu_command_ledger_key(const struct numu_invocation *invocation);
int numu_command_ledger_init(const struct numu_invocation *invocation);
int numu_command_ledger_record(const struct numu_invocation *invocation);
int numu_command_ledger_sign(const struct numu_invocation *invocation);
int numu_command_ledger_status(const struct numu_invocation *invocation);
int numu_command_ledger_balance(const struct numu_invocation *invocation);
int numu_command_ledger_account(const struct numu_invocation *invocation);
int numu_command_ledger_counts(const struct numu_invocation *invocation);
int numu_command_ledger_trace(const struct numu_invocation *invocation);
int numu_command_approve(const struct numu_invocation *invocation);
int numu_command_ledger_prove(const struct numu_invocation *invocation);
int numu_command_ledger_certify(const struct numu_invocation *invocation);
int numu_command_ledger_epoch(const struct numu_invocation *invocation);
int numu_command_ledger_head(const struct numu_invocation *invocation);
int numu_command_ledger_witness(const struct numu_invocation *invocation);
int numu_command_ledger_bundle(const struct numu_invocation *invocation);
int numu_command_ledger_accept(const struct numu_invocation *invocation);
int numu_command_ledger_export(const struct numu_invocation *invocation);
int numu_command_ledger_simulate(const struct numu_invocation *invocation);

/* numu diff PLAN LEDGER: what numu diff does where the second operand is a book. */
int numu_diff_with_ledger(const struct numu_invocation *invocation);

/*
 * The program: parses argv, answers --help and its kin, runs the command. Returns the exit
 * status.
 */
int numu_cli_main(int argc, char *const argv[]);

#endif
