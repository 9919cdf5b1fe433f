/*
 * options.c - the two tables, and the parser that reads them.
 */
#include "cli/options.h"

#include "base/number.h"
#include "base/table.h"
#include "cli/commands.h"

#include <string.h>

static const char *const formats[] = {"table", "json", "csv", NULL};
static const char *const parties[] = {"person", "company", "vessel", NULL};
static const char *const languages[] = {"en", "fr", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const results[] = {"clear", "hit", NULL};
static const char *const shows[] = {"stock",    "transit",   "expiring", "disputed",
                                    "accounts", "irregular", "doubtful", NULL};
static const char *const eachs[] = {"partner", "line", NULL};
static const char *const carriers[] = {"gs1", "di", "text", NULL};
static const char *const shells[] = {"bash", "zsh", "fish", NULL};

const struct numu_option numu_options[NUMU_OPTION_COUNT] = {
    [NUMU_OPTION_HELP] = {"help", 'h', NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_HELP, true},
    [NUMU_OPTION_VERSION] = {"version", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_VERSION,
                             true},
    [NUMU_OPTION_FORMAT] = {"format", 0, NUMU_VALUE_CHOICE, "FORMAT", formats,
                            NUMU_HELP_OPTION_FORMAT, false},
    [NUMU_OPTION_OUTPUT] = {"output", 'o', NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_OUTPUT,
                            false},
    [NUMU_OPTION_ALL] = {"all", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_ALL, false},
    [NUMU_OPTION_EVIDENCE] = {"evidence", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_EVIDENCE,
                              false},
    [NUMU_OPTION_TIME_LIMIT] = {"time-limit", 0, NUMU_VALUE_SECONDS, "SECONDS", NULL,
                                NUMU_HELP_OPTION_TIME_LIMIT, false},
    [NUMU_OPTION_WITHOUT] = {"without", 0, NUMU_VALUE_TEXT, "KIND:ID", NULL,
                             NUMU_HELP_OPTION_WITHOUT, false},
    [NUMU_OPTION_DELAY] = {"delay", 0, NUMU_VALUE_TEXT, "ACTIVITY=DAYS", NULL,
                           NUMU_HELP_OPTION_DELAY, false},
    [NUMU_OPTION_RATE] = {"rate", 0, NUMU_VALUE_TEXT, "CURRENCY=PERCENT", NULL,
                          NUMU_HELP_OPTION_RATE, false},
    [NUMU_OPTION_BUDGET] = {"budget", 0, NUMU_VALUE_TEXT, "FUND=PERCENT", NULL,
                            NUMU_HELP_OPTION_BUDGET, false},
    [NUMU_OPTION_DEMAND] = {"demand", 0, NUMU_VALUE_TEXT, "CUSTOMER=PERCENT", NULL,
                            NUMU_HELP_OPTION_DEMAND, false},
    [NUMU_OPTION_EACH] = {"each", 0, NUMU_VALUE_CHOICE, "WHAT", eachs, NUMU_HELP_OPTION_EACH,
                          false},
    [NUMU_OPTION_PROMISED] = {"promised", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_PROMISED,
                              false},
    [NUMU_OPTION_COMPARE] = {"compare", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_COMPARE,
                             false},
    [NUMU_OPTION_CONFIRM] = {"confirm", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_CONFIRM,
                             false},
    [NUMU_OPTION_INTEGER] = {"integer", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_INTEGER,
                             false},
    [NUMU_OPTION_WRITE_MPS] = {"write-mps", 0, NUMU_VALUE_FILE, "FILE", NULL,
                               NUMU_HELP_OPTION_WRITE_MPS, false},
    [NUMU_OPTION_SCHEDULES] = {"schedules", 0, NUMU_VALUE_COUNT, "N", NULL,
                               NUMU_HELP_OPTION_SCHEDULES, false},
    [NUMU_OPTION_HARD_DEADLINES] = {"hard-deadlines", 0, NUMU_VALUE_NONE, NULL, NULL,
                                    NUMU_HELP_OPTION_HARD_DEADLINES, false},
    [NUMU_OPTION_SEED] = {"seed", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_SEED, false},
    [NUMU_OPTION_THREADS] = {"threads", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_THREADS,
                             false},
    [NUMU_OPTION_HEALTH] = {"health", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_HEALTH,
                            false},
    [NUMU_OPTION_DEADLINE] = {"deadline", 0, NUMU_VALUE_TEXT, "DATE", NULL,
                              NUMU_HELP_OPTION_DEADLINE, false},
    [NUMU_OPTION_SAMPLES] = {"samples", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_SAMPLES,
                             false},
    [NUMU_OPTION_TOLERANCE] = {"tolerance", 0, NUMU_VALUE_SECONDS, "DAYS", NULL,
                               NUMU_HELP_OPTION_TOLERANCE, false},
    [NUMU_OPTION_CONFIDENCE] = {"confidence", 0, NUMU_VALUE_SECONDS, "PERCENT", NULL,
                                NUMU_HELP_OPTION_CONFIDENCE, false},
    [NUMU_OPTION_NO_REMOVAL] = {"no-removal", 0, NUMU_VALUE_NONE, NULL, NULL,
                                NUMU_HELP_OPTION_NO_REMOVAL, false},
    [NUMU_OPTION_UPLIFT] = {"uplift", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_UPLIFT,
                            false},
    [NUMU_OPTION_LIST] = {"list", 0, NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_LIST, false},
    [NUMU_OPTION_FILE] = {"file", 0, NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_FILE, false},
    [NUMU_OPTION_PAIRS] = {"pairs", 0, NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_PAIRS,
                           false},
    [NUMU_OPTION_TYPE] = {"type", 0, NUMU_VALUE_CHOICE, "TYPE", parties, NUMU_HELP_OPTION_TYPE,
                          false},
    [NUMU_OPTION_THRESHOLD] = {"threshold", 0, NUMU_VALUE_SECONDS, "SCORE", NULL,
                               NUMU_HELP_OPTION_THRESHOLD, false},
    [NUMU_OPTION_NAME] = {"name", 0, NUMU_VALUE_TEXT, "NAME", NULL, NUMU_HELP_OPTION_NAME, false},
    [NUMU_OPTION_PASSPHRASE_FILE] = {"passphrase-file", 0, NUMU_VALUE_FILE, "FILE", NULL,
                                     NUMU_HELP_OPTION_PASSPHRASE_FILE, false},
    [NUMU_OPTION_RULES] = {"rules", 0, NUMU_VALUE_TEXT, "SET", NULL, NUMU_HELP_OPTION_RULES, false},
    [NUMU_OPTION_MATRIX] = {"matrix", 0, NUMU_VALUE_TEXT, "SET", NULL, NUMU_HELP_OPTION_MATRIX,
                            false},
    [NUMU_OPTION_HD] = {"hd", 0, NUMU_VALUE_TEXT, "DIVISION", NULL, NUMU_HELP_OPTION_HD, false},
    [NUMU_OPTION_NEQ] = {"neq", 0, NUMU_VALUE_TEXT, "MASS", NULL, NUMU_HELP_OPTION_NEQ, false},
    [NUMU_OPTION_TO] = {"to", 0, NUMU_VALUE_TEXT, "KIND", NULL, NUMU_HELP_OPTION_TO, false},
    [NUMU_OPTION_DISTANCE] = {"distance", 0, NUMU_VALUE_TEXT, "LENGTH", NULL,
                              NUMU_HELP_OPTION_DISTANCE, false},
    [NUMU_OPTION_BARRICADED] = {"barricaded", 0, NUMU_VALUE_NONE, NULL, NULL,
                                NUMU_HELP_OPTION_BARRICADED, false},
    [NUMU_OPTION_STRUCTURE] = {"structure", 0, NUMU_VALUE_TEXT, "NAME", NULL,
                               NUMU_HELP_OPTION_STRUCTURE, false},
    [NUMU_OPTION_FACE] = {"face", 0, NUMU_VALUE_TEXT, "NAME", NULL, NUMU_HELP_OPTION_FACE, false},
    [NUMU_OPTION_PROVED] = {"proved", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_PROVED,
                            false},
    [NUMU_OPTION_KEY] = {"key", 0, NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_KEY, false},
    [NUMU_OPTION_ROW] = {"row", 0, NUMU_VALUE_TEXT, "IDS", NULL, NUMU_HELP_OPTION_ROW, false},
    /* ledger */
    [NUMU_OPTION_SITE] = {"site", 0, NUMU_VALUE_TEXT, "SITE", NULL, NUMU_HELP_OPTION_SITE, false},
    [NUMU_OPTION_MODEL] = {"model", 0, NUMU_VALUE_FILE, "DIR", NULL, NUMU_HELP_OPTION_MODEL, false},
    [NUMU_OPTION_ATOMIC] = {"atomic", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_ATOMIC,
                            false},
    [NUMU_OPTION_APPROVE] = {"approve", 0, NUMU_VALUE_TEXT, "EVENT", NULL, NUMU_HELP_OPTION_APPROVE,
                             false},
    [NUMU_OPTION_BY] = {"by", 0, NUMU_VALUE_TEXT, "PERSON", NULL, NUMU_HELP_OPTION_BY, false},
    [NUMU_OPTION_WITNESS] = {"witness", 0, NUMU_VALUE_TEXT, "KEYS", NULL, NUMU_HELP_OPTION_WITNESS,
                             false},
    [NUMU_OPTION_QUORUM] = {"quorum", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_QUORUM,
                            false},
    [NUMU_OPTION_SHOW] = {"show", 0, NUMU_VALUE_CHOICE, "WHAT", shows, NUMU_HELP_OPTION_SHOW,
                          false},
    [NUMU_OPTION_PLACE] = {"place", 0, NUMU_VALUE_TEXT, "PLACE", NULL, NUMU_HELP_OPTION_PLACE,
                           false},
    [NUMU_OPTION_ITEM] = {"item", 0, NUMU_VALUE_TEXT, "ITEM", NULL, NUMU_HELP_OPTION_ITEM, false},
    [NUMU_OPTION_AT] = {"at", 0, NUMU_VALUE_TEXT, "TIME", NULL, NUMU_HELP_OPTION_AT, false},
    [NUMU_OPTION_FORWARD] = {"forward", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_FORWARD,
                             false},
    [NUMU_OPTION_SUBJECT] = {"subject", 0, NUMU_VALUE_TEXT, "NAME", NULL, NUMU_HELP_OPTION_SUBJECT,
                             false},
    [NUMU_OPTION_ENTRY] = {"entry", 0, NUMU_VALUE_TEXT, "NUMBER", NULL, NUMU_HELP_OPTION_ENTRY,
                           false},
    [NUMU_OPTION_RESULT] = {"result", 0, NUMU_VALUE_CHOICE, "RESULT", results,
                            NUMU_HELP_OPTION_RESULT, false},
    [NUMU_OPTION_LEDGER] = {"ledger", 0, NUMU_VALUE_FILE, "FILE", NULL, NUMU_HELP_OPTION_LEDGER,
                            false},
    [NUMU_OPTION_REASON] = {"reason", 0, NUMU_VALUE_TEXT, "TEXT", NULL, NUMU_HELP_OPTION_REASON,
                            false},
    [NUMU_OPTION_SINCE] = {"since", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_SINCE, false},
    [NUMU_OPTION_TRUST] = {"trust", 0, NUMU_VALUE_TEXT, "KEY", NULL, NUMU_HELP_OPTION_TRUST, false},
    [NUMU_OPTION_ROOT] = {"root", 0, NUMU_VALUE_TEXT, "KEY", NULL, NUMU_HELP_OPTION_ROOT, false},
    [NUMU_OPTION_CERTIFICATES] = {"certificates", 0, NUMU_VALUE_FILE, "FILE", NULL,
                                  NUMU_HELP_OPTION_CERTIFICATES, false},
    [NUMU_OPTION_EPCIS] = {"epcis", 0, NUMU_VALUE_TEXT, "ADDRESS", NULL, NUMU_HELP_OPTION_EPCIS,
                           false},
    [NUMU_OPTION_DAYS] = {"days", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_DAYS, false},
    [NUMU_OPTION_SITES] = {"sites", 0, NUMU_VALUE_COUNT, "N", NULL, NUMU_HELP_OPTION_SITES, false},
    [NUMU_OPTION_FROM] = {"from", 0, NUMU_VALUE_TEXT, "DAY", NULL, NUMU_HELP_OPTION_FROM, false},
    [NUMU_OPTION_AS_OF] = {"as-of", 0, NUMU_VALUE_TEXT, "DAY", NULL, NUMU_HELP_OPTION_AS_OF, false},
    [NUMU_OPTION_PROFILE] = {"profile", 0, NUMU_VALUE_TEXT, "NAME", NULL, NUMU_HELP_OPTION_PROFILE,
                             false},
    [NUMU_OPTION_CARRIER] = {"carrier", 0, NUMU_VALUE_CHOICE, "CARRIER", carriers,
                             NUMU_HELP_OPTION_CARRIER, false},
    [NUMU_OPTION_FIELD] = {"field", 0, NUMU_VALUE_TEXT, "NAME=TEXT", NULL, NUMU_HELP_OPTION_FIELD,
                           false},
    [NUMU_OPTION_YEAR] = {"year", 0, NUMU_VALUE_COUNT, "YEAR", NULL, NUMU_HELP_OPTION_YEAR, false},
    [NUMU_OPTION_SHARE] = {"share", 0, NUMU_VALUE_COUNT, "PERCENT", NULL, NUMU_HELP_OPTION_SHARE,
                           false},
    [NUMU_OPTION_LANG] = {"lang", 0, NUMU_VALUE_CHOICE, "LANG", languages, NUMU_HELP_OPTION_LANG,
                          true},
    [NUMU_OPTION_COLOR] = {"color", 0, NUMU_VALUE_CHOICE, "WHEN", colors, NUMU_HELP_OPTION_COLOR,
                           true},
    [NUMU_OPTION_QUIET] = {"quiet", 'q', NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_QUIET, true},
    [NUMU_OPTION_VERBOSE] = {"verbose", 'v', NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_VERBOSE,
                             true},
    [NUMU_OPTION_TIMING] = {"timing", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_TIMING,
                            true},
    [NUMU_OPTION_MAN] = {"man", 0, NUMU_VALUE_NONE, NULL, NULL, NUMU_HELP_OPTION_MAN, true},
    [NUMU_OPTION_COMPLETION] = {"completion", 0, NUMU_VALUE_CHOICE, "SHELL", shells,
                                NUMU_HELP_OPTION_COMPLETION, true},
};

#define TAKES(option) ((numu_option_set)1 << NUMU_OPTION_##option)
#define EXAMPLES(...)                                                                              \
    (const char *const[]) {                                                                        \
        __VA_ARGS__, NULL                                                                          \
    }

/* What a book judges by at its door. */
#define DOOR (TAKES(MODEL) | TAKES(RULES) | TAKES(MATRIX) | TAKES(PROFILE) | TAKES(THREADS))

const struct numu_command numu_commands[] = {
    {"init", NUMU_HELP_INIT, NUMU_HELP_INIT_MORE, "DIR", true, 1, 1, TAKES(ALL),
     EXAMPLES("numu init industry", "numu init --all industry"), numu_command_init},
    {"check", NUMU_HELP_CHECK, NUMU_HELP_CHECK_MORE, "DIR", true, 1, 1,
     TAKES(ALL) | TAKES(EVIDENCE) | TAKES(HEALTH) | TAKES(AS_OF) | TAKES(PROFILE) | TAKES(FORMAT) |
         TAKES(OUTPUT) | TAKES(THREADS),
     EXAMPLES("numu check examples/mali-2025", "numu check --format json industry",
              "numu check --evidence examples/mali-2025",
              "numu check --health -o health.html examples/mali-2025",
              "numu check --as-of 2026-05-01 --profile contested examples/mali-2026"),
     numu_command_check},
    {"schema", NUMU_HELP_SCHEMA, NUMU_HELP_SCHEMA_MORE, "[TABLE]", false, 0, 1,
     TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu schema --format table process", "numu schema -o schema.json"),
     numu_command_schema},
    {"explain", NUMU_HELP_EXPLAIN, NUMU_HELP_EXPLAIN_MORE, "[CODE | PLAN [ROW]]", true, 0, 2,
     TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu explain unknown-reference", "numu explain plan.db",
              "numu explain plan.db demand:round_202609"),
     numu_command_explain},
    {"schedule", NUMU_HELP_SCHEDULE, NUMU_HELP_SCHEDULE_MORE, "DIR|FILE...", true, 1,
     NUMU_OPERANDS_MAX,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(SCHEDULES) | TAKES(SEED) | TAKES(THREADS) |
         TAKES(TIME_LIMIT) | TAKES(HARD_DEADLINES),
     EXAMPLES("numu schedule examples/mali-2025", "numu schedule --hard-deadlines plan.xer",
              "numu schedule --format csv -o dates.csv industry",
              "numu schedule --schedules 50000 --format json -o s.json project.sm",
              "numu schedule --format csv j30/*.sm"),
     numu_command_schedule},
    {"verify", NUMU_HELP_VERIFY, NUMU_HELP_VERIFY_MORE, "FILE [INSTANCE]", true, 1, 2,
     TAKES(TRUST) | TAKES(WITNESS) | TAKES(QUORUM) | TAKES(ROOT),
     EXAMPLES("numu verify s.json project.sm", "numu verify dates.json examples/mali-2025",
              "numu verify plan.db examples/mali-2025",
              "numu verify bamako.db kept-elsewhere.tlog-proof",
              "numu verify bamako.db --witness auditor.pub,court.pub --quorum 2",
              "numu verify 42.tlog-proof --trust \"$(numu ledger key site.key)\""),
     numu_command_verify},
    {"screen", NUMU_HELP_SCREEN, NUMU_HELP_SCREEN_MORE, "[NAME...]", false, 0, NUMU_OPERANDS_MAX,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(THREADS) | TAKES(LEDGER) | TAKES(LIST) | TAKES(FILE) |
         TAKES(PAIRS) | TAKES(TYPE) | TAKES(THRESHOLD),
     EXAMPLES("numu screen --list un.xml 'Ivan Petrov' 'Desert Trading SARL'",
              "numu screen --file names.csv --list sdn.csv --list alt.csv --list add.csv",
              "numu screen --pairs pairs.csv --format csv"),
     numu_command_screen},
    {"risk", NUMU_HELP_RISK, NUMU_HELP_RISK_MORE, "DIR|FILE", true, 1, 1,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(SEED) | TAKES(THREADS) | TAKES(DEADLINE) |
         TAKES(SAMPLES) | TAKES(TOLERANCE) | TAKES(CONFIDENCE) | TAKES(NO_REMOVAL) | TAKES(UPLIFT),
     EXAMPLES("numu risk examples/mali-2025",
              "numu risk --deadline 2027-12-31 --format json industry",
              "numu risk -o risk.html industry"),
     numu_command_risk},
    {"plan", NUMU_HELP_PLAN, NUMU_HELP_PLAN_MORE, "DIR", true, 1, 1,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(SEED) | TAKES(THREADS) | TAKES(TIME_LIMIT) |
         TAKES(WRITE_MPS) | TAKES(CONFIRM) | TAKES(INTEGER) | TAKES(PROFILE) | TAKES(COMPARE) |
         TAKES(EVIDENCE),
     EXAMPLES("numu plan examples/mali-2025 -o plan.db",
              "numu plan --compare --evidence industry -o plan.db",
              "numu plan --integer --time-limit 60 industry -o plan.db",
              "numu plan --write-mps plan.mps industry && glpsol --freemps --nopresol plan.mps"),
     numu_command_plan},
    {"stress", NUMU_HELP_STRESS, NUMU_HELP_STRESS_MORE, "DIR|PLAN", true, 1, 1,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(SEED) | TAKES(THREADS) | TAKES(WITHOUT) | TAKES(DELAY) |
         TAKES(RATE) | TAKES(BUDGET) | TAKES(DEMAND) | TAKES(EACH) | TAKES(PROMISED) |
         TAKES(CONFIDENCE) | TAKES(EVIDENCE),
     EXAMPLES("numu stress examples/mali-2025 --each partner",
              "numu stress industry --promised --confidence 50 --without lines",
              "numu stress --evidence industry", "numu stress plan.db",
              "numu stress industry --without resource:line --rate USD=+20%"),
     numu_command_stress},
    {"report", NUMU_HELP_REPORT, NUMU_HELP_REPORT_MORE, "PLAN", true, 1, 1, TAKES(OUTPUT),
     EXAMPLES("numu report plan.db -o report.html",
              "numu report --lang fr plan.db -o rapport.html"),
     numu_command_report},
    {"convert", NUMU_HELP_CONVERT, NUMU_HELP_CONVERT_MORE, "IN OUT", true, 2, 2, TAKES(THREADS),
     EXAMPLES("numu convert industry industry.xlsx", "numu convert industry.zip industry.sqlite",
              "numu convert plan.xer industry", "numu convert industry plan.xml"),
     numu_command_convert},
    {"diff", NUMU_HELP_DIFF, NUMU_HELP_DIFF_MORE, "A B", true, 2, 2,
     TAKES(FORMAT) | TAKES(OUTPUT) | TAKES(THREADS),
     EXAMPLES("numu diff examples/mali-2025 industry", "numu diff --format csv old.zip new.zip",
              "numu diff plan-1.db plan-2.db"),
     numu_command_diff},
    {"storage distance", NUMU_HELP_STORAGE_DISTANCE, NUMU_HELP_STORAGE_DISTANCE_MORE, "", false, 0,
     0,
     TAKES(RULES) | TAKES(HD) | TAKES(NEQ) | TAKES(DISTANCE) | TAKES(TO) | TAKES(BARRICADED) |
         TAKES(STRUCTURE) | TAKES(FACE) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES(
         "numu storage distance --rules us-27cfr555 --hd 1.1 --neq 900lb --to inhabited_building",
         "numu storage distance --rules us-14cfr420 --hd 1.1 --distance 400m --to public_area"),
     numu_command_storage_distance},
    {"storage mix", NUMU_HELP_STORAGE_MIX, NUMU_HELP_STORAGE_MIX_MORE, "GOODS GOODS…", false, 2,
     NUMU_OPERANDS_MAX, TAKES(RULES) | TAKES(PROVED) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu storage mix --rules us-49cfr176 1.1D 1.4S",
              "numu storage mix --rules us-49cfr176 1.3G:article 1.1D:article"),
     numu_command_storage_mix},
    {"storage limits", NUMU_HELP_STORAGE_LIMITS, NUMU_HELP_STORAGE_LIMITS_MORE, "DIR", true, 1, 1,
     TAKES(RULES) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu storage limits examples/mali-2026",
              "numu storage limits --rules us-27cfr555 --format csv industry"),
     numu_command_storage_limits},
    {"storage place", NUMU_HELP_STORAGE_PLACE, NUMU_HELP_STORAGE_PLACE_MORE, "DIR", true, 1, 1,
     TAKES(RULES) | TAKES(MATRIX) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu storage place examples/mali-2026",
              "numu storage place --matrix us-49cfr176 --format csv industry"),
     numu_command_storage_place},
    {"form storage-licence", NUMU_HELP_FORM, NUMU_HELP_FORM_MORE, "DIR STOREHOUSE", true, 2, 2,
     TAKES(RULES) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form storage-licence examples/mali-2026 store_explosives -o licence.html"),
     numu_command_form_storage_licence},
    {"form mark", NUMU_HELP_FORM_MARK, NUMU_HELP_FORM_MARK_MORE, "OBJECT", false, 1, 1,
     TAKES(MODEL) | TAKES(ITEM) | TAKES(CARRIER) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form mark '(01)09506000134352(21)R000123' -o mark.svg",
              "numu form mark --format table '[)>{RS}06{GS}17V1AB23{GS}1P1234{GS}S786950{RS}{EOT}'",
              "numu form mark --model industry --item rifle R000123 -o mark.svg"),
     numu_command_form_mark},
    {"form register", NUMU_HELP_FORM_REGISTER, NUMU_HELP_FORM_REGISTER_MORE, "BOOK", true, 1, 1,
     TAKES(FIELD) | TAKES(MODEL) | TAKES(ITEM) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form register bamako.db --model examples/mali-2026 -o register.html",
              "numu form register bamako.db --item rifle --format csv"),
     numu_command_form},
    {"form trace-request", NUMU_HELP_FORM_TRACE_REQUEST, NUMU_HELP_FORM_TRACE_REQUEST_MORE,
     "SERIAL", true, 1, 1,
     TAKES(FIELD) | TAKES(MODEL) | TAKES(ITEM) | TAKES(LEDGER) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form trace-request X1234 --field requested_state=MLI --field "
              "'circumstances=found at …' -o request.html"),
     numu_command_form},
    {"form trace-reply", NUMU_HELP_FORM_TRACE_REPLY, NUMU_HELP_FORM_TRACE_REPLY_MORE, "BOOK SERIAL",
     true, 2, 2, TAKES(FIELD) | TAKES(MODEL) | TAKES(ITEM) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form trace-reply bamako.db S000123 --item rifle --model examples/mali-2026 "
              "--field requesting_state=NER -o reply.html"),
     numu_command_form},
    {"form att-report", NUMU_HELP_FORM_ATT_REPORT, NUMU_HELP_FORM_ATT_REPORT_MORE, "BOOK", true, 1,
     1, TAKES(FIELD) | TAKES(MODEL) | TAKES(YEAR) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form att-report bamako.db --model examples/mali-2026 --year 2026 --lang fr -o "
              "att.html"),
     numu_command_form},
    {"form un-register", NUMU_HELP_FORM_UN_REGISTER, NUMU_HELP_FORM_UN_REGISTER_MORE, "BOOK", true,
     1, 1, TAKES(FIELD) | TAKES(MODEL) | TAKES(YEAR) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES(
         "numu form un-register bamako.db --model examples/mali-2026 --year 2026 -o unroca.html"),
     numu_command_form},
    {"form production-return", NUMU_HELP_FORM_PRODUCTION_RETURN,
     NUMU_HELP_FORM_PRODUCTION_RETURN_MORE, "BOOK", true, 1, 1,
     TAKES(FIELD) | TAKES(MODEL) | TAKES(YEAR) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form production-return bamako.db --model examples/mali-2026 --year 2026 "
              "--format csv"),
     numu_command_form},
    {"form licence-register", NUMU_HELP_FORM_LICENCE_REGISTER, NUMU_HELP_FORM_LICENCE_REGISTER_MORE,
     "DIR", true, 1, 1, TAKES(FIELD) | TAKES(LEDGER) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form licence-register examples/mali-2026 --ledger bamako.db -o licences.html"),
     numu_command_form},
    {"form end-user-certificate", NUMU_HELP_FORM_END_USER_CERTIFICATE,
     NUMU_HELP_FORM_END_USER_CERTIFICATE_MORE, "DIR LICENCE", true, 2, 2,
     TAKES(FIELD) | TAKES(LEDGER) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES(
         "numu form end-user-certificate examples/mali-2026 l_aircraft_euc -o certificate.html"),
     numu_command_form},
    {"form delivery-verification", NUMU_HELP_FORM_DELIVERY_VERIFICATION,
     NUMU_HELP_FORM_DELIVERY_VERIFICATION_MORE, "BOOK EVENT", true, 2, 2,
     TAKES(FIELD) | TAKES(MODEL) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form delivery-verification bamako.db bamako:42 --model examples/mali-2026 -o "
              "delivery.html"),
     numu_command_form},
    {"form red-flags", NUMU_HELP_FORM_RED_FLAGS, NUMU_HELP_FORM_RED_FLAGS_MORE, "BOOK", true, 1, 1,
     TAKES(FIELD) | TAKES(MODEL) | TAKES(DAYS) | TAKES(SHARE) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu form red-flags bamako.db --model examples/mali-2026 --days 14 -o flags.html"),
     numu_command_form},
    {"rules list", NUMU_HELP_RULES_LIST, NUMU_HELP_RULES_LIST_MORE, "", false, 0, 0,
     TAKES(FORMAT) | TAKES(OUTPUT), EXAMPLES("numu rules list"), numu_command_rules_list},
    {"rules show", NUMU_HELP_RULES_SHOW, NUMU_HELP_RULES_SHOW_MORE, "SET", true, 1, 1,
     TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu rules show us-27cfr555",
              "numu rules show --format json us-27cfr555 -o mine.json"),
     numu_command_rules_show},
    {"rules import", NUMU_HELP_RULES_IMPORT, NUMU_HELP_RULES_IMPORT_MORE, "SET", true, 1, 1,
     TAKES(KEY) | TAKES(ROW) | TAKES(PASSPHRASE_FILE),
     EXAMPLES("numu rules import national.json",
              "numu rules import us-27cfr555 --key officer-1.key --row high-explosives"),
     numu_command_rules_import},
    {"rules revoke", NUMU_HELP_RULES_REVOKE, NUMU_HELP_RULES_REVOKE_MORE, "SET", true, 1, 1,
     TAKES(KEY) | TAKES(ROW) | TAKES(FROM) | TAKES(PASSPHRASE_FILE),
     EXAMPLES("numu rules revoke us-27cfr555 --key officer-1.key --row high-explosives",
              "numu rules revoke national --key officer-1.key --from 2027-01-01"),
     numu_command_rules_revoke},
    {"ledger key", NUMU_HELP_LEDGER_KEY, NUMU_HELP_LEDGER_KEY_MORE, "FILE", true, 1, 1,
     TAKES(NAME) | TAKES(PASSPHRASE_FILE),
     EXAMPLES("numu ledger key --name officer-1 officer-1.key", "numu ledger key officer-1.key"),
     numu_command_ledger_key},
    {"approve", NUMU_HELP_APPROVE, NUMU_HELP_APPROVE_MORE, "PLAN", true, 1, 1,
     TAKES(LEDGER) | TAKES(BY) | TAKES(REASON) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) |
         TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu approve plan.db --ledger hq.db --by p_planner --reason 'programme of 2026'"),
     numu_command_approve},
    {"ledger init", NUMU_HELP_LEDGER_INIT, NUMU_HELP_LEDGER_INIT_MORE, "FILE", true, 1, 1,
     TAKES(SITE) | TAKES(MODEL) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(ROOT) |
         TAKES(CERTIFICATES) | TAKES(THREADS),
     EXAMPLES("numu ledger init bamako.db --site bamako --model examples/mali-2025",
              "numu ledger init bamako.db --site bamako --model examples/mali-2025 \\\n"
              "    --key site.key --root root.pub --certificates national.certificates"),
     numu_command_ledger_init},
    {"ledger certify", NUMU_HELP_LEDGER_CERTIFY, NUMU_HELP_LEDGER_CERTIFY_MORE, "REQUESTS", true, 1,
     1, TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(OUTPUT),
     EXAMPLES("numu ledger certify requests.jsonl --key root.key -o national.certificates",
              "numu ledger sign bamako.db national.certificates --by p_registrar"),
     numu_command_ledger_certify},
    {"ledger record", NUMU_HELP_LEDGER_RECORD, NUMU_HELP_LEDGER_RECORD_MORE, "FILE [EVENTS]", true,
     1, 2,
     TAKES(ATOMIC) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) | DOOR | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger record bamako.db events.jsonl --model examples/mali-2025",
              "numu ledger record bamako.db events.csv --atomic --key site.key"),
     numu_command_ledger_record},
    {"ledger sign", NUMU_HELP_LEDGER_SIGN, NUMU_HELP_LEDGER_SIGN_MORE, "FILE [EVENTS]", true, 1, 2,
     TAKES(ATOMIC) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(APPROVE) | TAKES(BY) |
         TAKES(SUBJECT) | TAKES(LIST) | TAKES(ENTRY) | TAKES(RESULT) | TAKES(REASON) | DOOR |
         TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES(
         "numu ledger sign bamako.db release.jsonl --key inspector.key",
         "numu ledger sign bamako.db --approve bamako:42 --by p_approver --key approver.key",
         "numu ledger sign hq.db --subject buyer --list un.xml --entry QDi.1 --result clear \\\n"
         "    --reason 'other date of birth' --by p_licensing"),
     numu_command_ledger_sign},
    {"ledger status", NUMU_HELP_LEDGER_STATUS, NUMU_HELP_LEDGER_STATUS_MORE, "FILE", true, 1, 1,
     TAKES(FORMAT) | TAKES(OUTPUT), EXAMPLES("numu ledger status bamako.db"),
     numu_command_ledger_status},
    {"ledger balance", NUMU_HELP_LEDGER_BALANCE, NUMU_HELP_LEDGER_BALANCE_MORE, "FILE", true, 1, 1,
     TAKES(SHOW) | TAKES(PLACE) | TAKES(ITEM) | TAKES(AT) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger balance bamako.db", "numu ledger balance bamako.db --show transit",
              "numu ledger balance bamako.db --item rifle --at 2026-03-31"),
     numu_command_ledger_balance},
    {"ledger account", NUMU_HELP_LEDGER_ACCOUNT, NUMU_HELP_LEDGER_ACCOUNT_MORE, "FILE [SITE]", true,
     1, 2, TAKES(FORMAT) | TAKES(OUTPUT), EXAMPLES("numu ledger account bamako.db"),
     numu_command_ledger_account},
    {"ledger counts", NUMU_HELP_LEDGER_COUNTS, NUMU_HELP_LEDGER_COUNTS_MORE, "FILE [COUNT]", true,
     1, 2, TAKES(SITE) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger counts bamako.db", "numu ledger counts bamako.db year-2026",
              "numu ledger counts bamako.db bamako:70 --format csv"),
     numu_command_ledger_counts},
    {"ledger trace", NUMU_HELP_LEDGER_TRACE, NUMU_HELP_LEDGER_TRACE_MORE, "FILE OBJECT", true, 2, 2,
     TAKES(FORWARD) | TAKES(ITEM) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger trace bamako.db R000123",
              "numu ledger trace --forward --item round_kit bamako.db K-7"),
     numu_command_ledger_trace},
    {"ledger prove", NUMU_HELP_LEDGER_PROVE, NUMU_HELP_LEDGER_PROVE_MORE, "FILE EVENT", true, 2, 2,
     TAKES(OUTPUT), EXAMPLES("numu ledger prove bamako.db bamako:42 -o 42.tlog-proof"),
     numu_command_ledger_prove},
    {"ledger epoch", NUMU_HELP_LEDGER_EPOCH, NUMU_HELP_LEDGER_EPOCH_MORE, "FILE [OTHER]", true, 1,
     2,
     TAKES(BY) | TAKES(REASON) | TAKES(APPROVE) | TAKES(KEY) | TAKES(PASSPHRASE_FILE) |
         TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger epoch hq.db",
              "numu ledger epoch bamako.db other.bundle --by p_admin_1 --key admin-1.key \\\n"
              "    --reason 'an old copy was brought back'",
              "numu ledger epoch bamako.db --approve bamako@1:42 --by p_admin_2 --key admin-2.key"),
     numu_command_ledger_epoch},
    {"ledger head", NUMU_HELP_LEDGER_HEAD, NUMU_HELP_LEDGER_HEAD_MORE, "FILE [COSIGNED]", true, 1,
     2, TAKES(SINCE) | TAKES(OUTPUT),
     EXAMPLES("numu ledger head bamako.db --since 40 -o bamako.head",
              "numu ledger head bamako.db bamako.cosigned"),
     numu_command_ledger_head},
    {"ledger witness", NUMU_HELP_LEDGER_WITNESS, NUMU_HELP_LEDGER_WITNESS_MORE, "MEMORY REQUEST",
     true, 2, 2, TAKES(KEY) | TAKES(PASSPHRASE_FILE) | TAKES(TRUST) | TAKES(OUTPUT),
     EXAMPLES("numu ledger witness auditor.memory bamako.head --key auditor.key \\\n"
              "    --trust bamako.pub -o bamako.cosigned"),
     numu_command_ledger_witness},
    {"ledger bundle", NUMU_HELP_LEDGER_BUNDLE, NUMU_HELP_LEDGER_BUNDLE_MORE, "FILE", true, 1, 1,
     TAKES(SITE) | TAKES(SINCE) | TAKES(OUTPUT),
     EXAMPLES("numu ledger bundle bamako.db -o bamako.bundle",
              "numu ledger bundle hq.db --site bamako -o other.bundle"),
     numu_command_ledger_bundle},
    {"ledger accept", NUMU_HELP_LEDGER_ACCEPT, NUMU_HELP_LEDGER_ACCEPT_MORE, "FILE BUNDLE", true, 2,
     2, TAKES(TRUST) | TAKES(FORMAT) | TAKES(OUTPUT),
     EXAMPLES("numu ledger accept depot.db bamako.bundle --trust \"$(numu ledger key site.key)\""),
     numu_command_ledger_accept},
    {"ledger export", NUMU_HELP_LEDGER_EXPORT, NUMU_HELP_LEDGER_EXPORT_MORE, "FILE DIR", true, 2, 2,
     TAKES(EPCIS) | TAKES(SITE),
     EXAMPLES("numu ledger export bamako.db log && python3 tools/verify-export.py log",
              "numu ledger export --epcis https://id.example.org bamako.db bamako.jsonld"),
     numu_command_ledger_export},
    {"ledger simulate", NUMU_HELP_LEDGER_SIMULATE, NUMU_HELP_LEDGER_SIMULATE_MORE, "DIR", true, 1,
     1,
     TAKES(MODEL) | TAKES(SEED) | TAKES(DAYS) | TAKES(SITES) | TAKES(FORMAT) | TAKES(OUTPUT) |
         TAKES(THREADS),
     EXAMPLES("numu ledger simulate --model examples/mali-2025 --seed 7 --days 365 history"),
     numu_command_ledger_simulate},
    {.name = NULL}};

/* --- words of commands --- */

_Static_assert(NUMU_OPTION_COUNT <= 128, "a command's options are bits of a set");

size_t numu_command_word_length(const struct numu_command *command) {
    return strcspn(command->name, " ");
}

bool numu_command_is_grouped(const struct numu_command *command) {
    return command->name[numu_command_word_length(command)] == ' ';
}

bool numu_command_is_in(const struct numu_command *command, const char *word) {
    return numu_text_is((struct numu_text){command->name, numu_command_word_length(command)}, word);
}

/* The one-word command of a name, or the first of the group. NULL = neither. */
static const struct numu_command *find_first_word(const char *word) {
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (numu_command_is_in(command, word)) {
            return command;
        }
    }
    return NULL;
}

static const struct numu_command *find_second_word(const char *group, const char *word) {
    for (const struct numu_command *command = numu_commands; command->name != NULL; command++) {
        if (numu_command_is_grouped(command) && numu_command_is_in(command, group) &&
            strcmp(command->name + numu_command_word_length(command) + 1, word) == 0) {
            return command;
        }
    }
    return NULL;
}

/* --- the parser --- */

static void complain(struct numu_invocation *invocation, numu_help problem, const char *first,
                     const char *second, const char *third) {
    if (invocation->problem == NUMU_HELP_COUNT) { /* the first one is told */
        invocation->problem = problem;
        invocation->arguments[0] = first;
        invocation->arguments[1] = second;
        invocation->arguments[2] = third;
    }
}

static const char *nearest_option(struct numu_text name) {
    const char *names[NUMU_OPTION_COUNT + 1] = {NULL};
    for (size_t i = 0; i < NUMU_OPTION_COUNT; i++) {
        names[i] = numu_options[i].name;
    }
    return numu_choice_nearest(names, name);
}

/* The name nearest to what was given: of a command or group, or of a command of the group. */
static const char *nearest_command(const char *group, const char *name) {
    const char *names[64] = {NULL};
    size_t count = 0;
    for (const struct numu_command *command = numu_commands; command->name != NULL && count < 63;
         command++) {
        size_t word = numu_command_word_length(command);
        if (group != NULL && numu_command_is_grouped(command) &&
            numu_command_is_in(command, group)) {
            names[count++] = command->name + word + 1;
        } else if (group == NULL) {
            names[count++] = command->name;
        }
    }
    return numu_choice_nearest(names, numu_text_of(name));
}

/* The list "table, json or csv" as help shows it. */
static const char *list_of(numu_option_id option) {
    switch (option) {
    case NUMU_OPTION_FORMAT:
        return "table | json | csv";
    case NUMU_OPTION_SHOW:
        return "stock | transit | expiring | disputed | accounts | irregular | doubtful";
    case NUMU_OPTION_RESULT:
        return "clear | hit";
    case NUMU_OPTION_TYPE:
        return "person | company | vessel";
    case NUMU_OPTION_EACH:
        return "partner";
    case NUMU_OPTION_CARRIER:
        return "gs1 | di | text";
    case NUMU_OPTION_LANG:
        return "en | fr";
    case NUMU_OPTION_COLOR:
        return "auto | always | never";
    case NUMU_OPTION_COMPLETION:
        return "bash | zsh | fish";
    default:
        return "";
    }
}

static bool parse_seconds(const char *text, int64_t *out) {
    return numu_number_parse(numu_text_of(text), NUMU_DECIMAL_DECIMALS, '.', out) ==
               NUMU_NUMBER_OK &&
           *out >= 0;
}

static bool parse_count(const char *text, int64_t *out) {
    return numu_number_parse(numu_text_of(text), 0, '.', out) == NUMU_NUMBER_OK && *out >= 0;
}

static void set_value(struct numu_invocation *invocation, numu_option_id id, const char *value) {
    const struct numu_option *option = &numu_options[id];
    int64_t number;
    invocation->values[id] = value;
    if (invocation->given_count == NUMU_GIVEN_MAX) {
        complain(invocation, NUMU_HELP_BAD_OPTION_VALUE, option->name, value, NULL);
    } else {
        invocation->given[invocation->given_count++] = (struct numu_given){id, value};
    }
    if (option->kind == NUMU_VALUE_CHOICE &&
        numu_choice_find(option->choices, numu_text_of(value)) == 0) {
        complain(invocation, NUMU_HELP_BAD_OPTION_CHOICE, option->name, value, list_of(id));
    } else if ((option->kind == NUMU_VALUE_COUNT && !parse_count(value, &number)) ||
               (option->kind == NUMU_VALUE_SECONDS && !parse_seconds(value, &number))) {
        complain(invocation, NUMU_HELP_BAD_OPTION_VALUE, option->name, value, NULL);
    }
}

struct arguments {
    int count, next;
    char *const *list;
};

static void parse_long(struct numu_invocation *invocation, struct arguments *arguments,
                       const char *given) {
    const char *equals = strchr(given, '=');
    struct numu_text name = {given + 2,
                             equals == NULL ? strlen(given + 2) : (size_t)(equals - given - 2)};
    for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
        const struct numu_option *option = &numu_options[id];
        if (!numu_text_is(name, option->name)) {
            continue;
        }
        if (option->kind == NUMU_VALUE_NONE) {
            if (equals != NULL) {
                complain(invocation, NUMU_HELP_OPTION_TAKES_NO_VALUE, option->name, NULL, NULL);
            }
            invocation->values[id] = "";
        } else if (equals != NULL) {
            set_value(invocation, (numu_option_id)id, equals + 1);
        } else if (arguments->next < arguments->count) {
            set_value(invocation, (numu_option_id)id, arguments->list[arguments->next++]);
        } else {
            complain(invocation, NUMU_HELP_OPTION_NEEDS_VALUE, option->name, option->value, NULL);
        }
        return;
    }
    complain(invocation, NUMU_HELP_UNKNOWN_OPTION, given, NULL, NULL);
    if (invocation->problem == NUMU_HELP_UNKNOWN_OPTION) {
        invocation->suggestion = nearest_option(name);
    }
}

static void parse_letters(struct numu_invocation *invocation, struct arguments *arguments,
                          const char *given) {
    for (const char *letter = given + 1; *letter != '\0'; letter++) {
        int id = 0;
        while (id < NUMU_OPTION_COUNT && numu_options[id].letter != *letter) {
            id++;
        }
        if (id == NUMU_OPTION_COUNT) {
            complain(invocation, NUMU_HELP_UNKNOWN_OPTION, given, NULL, NULL);
            return;
        }
        if (numu_options[id].kind == NUMU_VALUE_NONE) {
            invocation->values[id] = "";
            continue;
        }
        if (letter[1] != '\0') {
            set_value(invocation, (numu_option_id)id, letter + 1);
        } else if (arguments->next < arguments->count) {
            set_value(invocation, (numu_option_id)id, arguments->list[arguments->next++]);
        } else {
            complain(invocation, NUMU_HELP_OPTION_NEEDS_VALUE, numu_options[id].name,
                     numu_options[id].value, NULL);
        }
        return;
    }
}

static void take_operand(struct numu_invocation *invocation, const char *operand) {
    if (invocation->command == NULL) {
        const struct numu_command *command = invocation->group == NULL
                                                 ? find_first_word(operand)
                                                 : find_second_word(invocation->group, operand);
        if (command == NULL && invocation->problem == NUMU_HELP_COUNT) {
            complain(invocation, NUMU_HELP_UNKNOWN_COMMAND, operand, NULL, NULL);
            invocation->suggestion = nearest_command(invocation->group, operand);
        } else if (command != NULL && invocation->group == NULL &&
                   numu_command_is_grouped(command)) {
            invocation->group = operand;
        } else if (command != NULL) {
            invocation->command = command;
        }
    } else if (invocation->operand_count < NUMU_OPERANDS_MAX) {
        invocation->operands[invocation->operand_count++] = operand;
    } else {
        complain(invocation, NUMU_HELP_EXTRA_OPERAND, invocation->command->name, operand, NULL);
    }
}

static void check_against_command(struct numu_invocation *invocation) {
    const struct numu_command *command = invocation->command;
    for (int id = 0; id < NUMU_OPTION_COUNT; id++) {
        if (invocation->values[id] != NULL && !numu_options[id].is_global &&
            (command->options >> id & 1U) == 0) {
            complain(invocation, NUMU_HELP_UNUSED_OPTION, numu_options[id].name, command->name,
                     NULL);
        }
    }
    if (invocation->operand_count < command->operand_min) {
        complain(invocation, NUMU_HELP_MISSING_OPERAND, command->name, command->operands, NULL);
    } else if (invocation->operand_count > command->operand_max) {
        complain(invocation, NUMU_HELP_EXTRA_OPERAND, command->name,
                 invocation->operands[command->operand_max], NULL);
    }
}

void numu_invocation_init(struct numu_invocation *invocation, int argc, char *const argv[],
                          numu_language environment_language) {
    *invocation =
        (struct numu_invocation){.language = environment_language, .problem = NUMU_HELP_COUNT};
    struct arguments arguments = {argc, 1, argv};
    bool options_ended = false;
    while (arguments.next < argc) {
        const char *given = argv[arguments.next++];
        if (options_ended || given[0] != '-' || given[1] == '\0') {
            take_operand(invocation, given);
        } else if (strcmp(given, "--") == 0) {
            options_ended = true;
        } else if (given[1] == '-') {
            parse_long(invocation, &arguments, given);
        } else {
            parse_letters(invocation, &arguments, given);
        }
    }
    if (numu_option_is_given(invocation, NUMU_OPTION_LANG)) {
        (void)numu_language_find(numu_text_of(invocation->values[NUMU_OPTION_LANG]),
                                 &invocation->language);
    }
    bool wants_page = numu_option_is_given(invocation, NUMU_OPTION_HELP) ||
                      numu_option_is_given(invocation, NUMU_OPTION_MAN) ||
                      numu_option_is_given(invocation, NUMU_OPTION_VERSION);
    if (invocation->command != NULL && !wants_page) {
        check_against_command(invocation);
    }
}

bool numu_option_is_given(const struct numu_invocation *invocation, numu_option_id option) {
    return invocation->values[option] != NULL;
}

uint64_t numu_option_count(const struct numu_invocation *invocation, numu_option_id option,
                           uint64_t otherwise) {
    int64_t value;
    if (invocation->values[option] == NULL || !parse_count(invocation->values[option], &value)) {
        return otherwise;
    }
    return (uint64_t)value;
}

double numu_option_seconds(const struct numu_invocation *invocation, numu_option_id option) {
    int64_t value;
    if (invocation->values[option] == NULL || !parse_seconds(invocation->values[option], &value)) {
        return 0;
    }
    return numu_number_to_double(value, NUMU_DECIMAL_DECIMALS);
}

size_t numu_option_choice(const struct numu_invocation *invocation, numu_option_id option) {
    if (invocation->values[option] == NULL) {
        return 0;
    }
    uint8_t choice =
        numu_choice_find(numu_options[option].choices, numu_text_of(invocation->values[option]));
    return choice == 0 ? 0 : choice - 1U;
}
