/*
 * root.c - see root.h.
 */
#include "ledger/root.h"

#include <string.h>

const char *numu_root_problem_name(numu_root_problem problem) {
    static const char *const names[NUMU_ROOT_PROBLEM_COUNT] = {
        "kind.root_malformed",  "kind.root_none",         "kind.root_second",
        "kind.root_not_signed", "kind.root_other_ledger", "kind.root_other_site",
        "kind.root_older",      "kind.root_expired",      "kind.root_twice",
        "kind.root_needed"};
    return names[problem];
}

/* --- the roots of a log --- */

struct roots {
    struct numu_arena *arena;
    struct numu_buffer list; /* of struct numu_text */
};

static numu_status visit_root(void *data, struct numu_text key, struct numu_text value) {
    struct roots *roots = data;
    struct numu_text copy;
    (void)key;
    NUMU_TRY(numu_text_copy(roots->arena, value, &copy));
    return numu_buffer_append(&roots->list, &copy, sizeof copy);
}

numu_status numu_roots_list(struct numu_state *state, struct numu_arena *arena,
                            struct numu_text site, struct numu_text **out, size_t *out_count) {
    struct roots roots = {.arena = arena};
    numu_buffer_init(&roots.list, arena->heap, 0);
    numu_status status = NUMU_STATE_KEY(state, 'f', site, (struct numu_text){NULL, 0});
    if (status == NUMU_OK) {
        status = numu_state_scan(state, visit_root, &roots);
    }
    return NUMU_MOVE(&roots.list, status, arena, out, out_count);
}

numu_status numu_root_get(struct numu_state *state, struct numu_arena *arena, struct numu_text site,
                          struct numu_text *out) {
    struct numu_text *list;
    size_t count;
    NUMU_TRY(numu_roots_list(state, arena, site, &list, &count));
    if (count == 0) {
        return NUMU_NOT_FOUND;
    }
    *out = list[count - 1];
    return NUMU_OK;
}

numu_status numu_roots_agree(struct numu_state *state, struct numu_arena *scratch,
                             struct numu_text own, struct numu_text other, bool is_new, bool *out) {
    struct numu_text *ours;
    struct numu_text *theirs;
    size_t our_count;
    size_t their_count;
    NUMU_TRY(numu_roots_list(state, scratch, own, &ours, &our_count));
    NUMU_TRY(numu_roots_list(state, scratch, other, &theirs, &their_count));
    *out = our_count == 0 || their_count > 0 || !is_new;
    for (size_t i = 0; i < our_count && i < their_count; i++) {
        *out = *out && numu_text_is_equal(ours[i], theirs[i]);
    }
    return NUMU_OK;
}

/* --- judging a register --- */

struct judging {
    struct numu_state *state;
    struct numu_arena *scratch;
    const struct numu_root_case *of;
    numu_root_complaint complain;
    void *data;
    bool has_root;
    struct numu_public_key root; /* in force */
};

static void say(const struct judging *judging, numu_root_problem problem, struct numu_text name) {
    judging->complain(judging->data, problem, name);
}

/* The members of a list of the register; NULL where there is none. */
static const struct numu_json *find_list(const struct judging *judging, const char *name) {
    const struct numu_json *list = numu_json_find(judging->of->registry, name);
    if (list != NULL && list->kind != NUMU_JSON_ARRAY) {
        say(judging, NUMU_ROOT_MALFORMED, numu_text_of(name));
        return NULL;
    }
    return list == NULL ? NULL : list->first;
}

static struct numu_text text_of_member(const struct numu_json *row, const char *name) {
    const struct numu_json *member = numu_json_find(row, name);
    return member == NULL ? (struct numu_text){NULL, 0} : member->text;
}

/* One, where the log has none [O1]. */
static void judge_roots(const struct judging *judging) {
    struct numu_public_key key;
    const struct numu_json *row = find_list(judging, "roots");
    if (row == NULL) {
        return;
    }
    struct numu_text id = text_of_member(row, "id");
    if (judging->has_root) {
        say(judging, NUMU_ROOT_SECOND, id);
    } else if (row->next != NULL ||
               numu_public_key_parse(text_of_member(row, "key"), &key) != NUMU_OK) {
        say(judging, NUMU_ROOT_MALFORMED, id);
    }
}

/* When the log was last told something about a subject; NUMU_NO_INSTANT: never. */
static numu_status find_issued(const struct judging *judging, struct numu_text subject,
                               numu_instant *out) {
    struct numu_text row;
    *out = NUMU_NO_INSTANT;
    NUMU_TRY(NUMU_STATE_KEY(judging->state, 'e', judging->of->site, subject));
    numu_status status = numu_state_get(judging->state, &row);
    if (status == NUMU_OK && !numu_instant_parse(numu_field_next(&row), out)) {
        status = NUMU_INVALID;
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* What is wrong with a certificate that was read; NUMU_ROOT_PROBLEM_COUNT: nothing. */
static numu_status find_problem(const struct judging *judging, struct numu_text note,
                                const struct numu_certificate *certificate,
                                numu_root_problem *out) {
    numu_instant before;
    const struct numu_root_case *of = judging->of;
    NUMU_TRY(find_issued(judging, numu_certificate_subject(certificate), &before));
    if (!judging->has_root) {
        *out = NUMU_ROOT_NONE;
    } else if (!numu_certificate_is_signed(note, &judging->root)) {
        *out = NUMU_ROOT_NOT_SIGNED;
    } else if (!numu_text_is_equal(certificate->ledger, of->ledger)) {
        *out = NUMU_ROOT_OTHER_LEDGER;
    } else if (certificate->type == NUMU_CERTIFICATE_site &&
               !numu_text_is_equal(certificate->id, of->site)) {
        *out = NUMU_ROOT_OTHER_SITE;
    } else if (before != NUMU_NO_INSTANT && certificate->issued <= before) {
        *out = NUMU_ROOT_OLDER;
    } else if (certificate->until != NUMU_NO_DAY &&
               numu_instant_day(of->recorded) > certificate->until) {
        *out = NUMU_ROOT_EXPIRED;
    } else {
        *out = NUMU_ROOT_PROBLEM_COUNT;
    }
    return NUMU_OK;
}

/* Whether the certificate before another, in one event, is about the same subject. */
static numu_status is_told_before(const struct judging *judging, const struct numu_json *first,
                                  const struct numu_json *row, struct numu_text subject,
                                  bool *out) {
    for (*out = false; first != row && !*out; first = first->next) {
        struct numu_certificate other;
        numu_status status = numu_certificate_read(judging->scratch, first->text, &other);
        *out = status == NUMU_OK && numu_text_is_equal(numu_certificate_subject(&other), subject);
        NUMU_TRY(status == NUMU_INVALID ? NUMU_OK : status);
    }
    return NUMU_OK;
}

static numu_status judge_certificate(const struct judging *judging, const struct numu_json *first,
                                     const struct numu_json *row) {
    struct numu_certificate certificate;
    numu_root_problem problem;
    bool is_twice;
    numu_status status = row->kind == NUMU_JSON_STRING
                             ? numu_certificate_read(judging->scratch, row->text, &certificate)
                             : NUMU_INVALID;
    if (status == NUMU_INVALID) {
        say(judging, NUMU_ROOT_MALFORMED, NUMU_TEXT("certificates"));
        return NUMU_OK;
    }
    NUMU_TRY(status);
    struct numu_text subject = numu_certificate_subject(&certificate);
    NUMU_TRY(find_problem(judging, row->text, &certificate, &problem));
    NUMU_TRY(is_told_before(judging, first, row, subject, &is_twice));
    if (problem != NUMU_ROOT_PROBLEM_COUNT || is_twice) {
        bool is_root = certificate.type == NUMU_CERTIFICATE_root;
        say(judging, problem == NUMU_ROOT_PROBLEM_COUNT ? NUMU_ROOT_TWICE : problem,
            is_root ? NUMU_TEXT("root") : subject);
    }
    return NUMU_OK;
}

/* People without a certificate, in a log with a root: none of those who need one [O2]. */
static numu_status judge_person(const struct judging *judging, const struct numu_json *row) {
    struct numu_text id = text_of_member(row, "id");
    struct numu_person person = {.is_certified = false};
    numu_status status =
        numu_person_get(judging->state, judging->scratch, judging->of->site, id, &person);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    if (person.is_certified || numu_text_is(id, "site") ||
        (numu_roles_parse(text_of_member(row, "roles")) & NUMU_ROLE_administrator) != 0) {
        say(judging, NUMU_ROOT_NEEDED, id);
    }
    return NUMU_OK;
}

numu_status numu_root_judge(struct numu_state *state, struct numu_arena *scratch,
                            const struct numu_root_case *of, numu_root_complaint complain,
                            void *data) {
    struct judging judging = {state, scratch, of, complain, data, false, {{0}, 0, {0}}};
    struct numu_text root;
    numu_status status = numu_root_get(state, scratch, of->site, &root);
    judging.has_root = status == NUMU_OK;
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    NUMU_TRY(judging.has_root ? numu_public_key_parse(root, &judging.root) : NUMU_OK);
    judge_roots(&judging);
    const struct numu_json *first = find_list(&judging, "certificates");
    for (const struct numu_json *row = first; row != NULL; row = row->next) {
        NUMU_TRY(judge_certificate(&judging, first, row));
    }
    const struct numu_json *person = judging.has_root ? find_list(&judging, "people") : NULL;
    for (; person != NULL; person = person->next) {
        NUMU_TRY(judge_person(&judging, person));
    }
    return NUMU_OK;
}

numu_status numu_root_wants_administrators(struct numu_state *state, struct numu_arena *scratch,
                                           struct numu_text site, const struct numu_event *event,
                                           bool *out) {
    struct numu_text root;
    *out = false;
    if (event->type != NUMU_EVENT_register || numu_json_find(event->registry, "people") == NULL) {
        return NUMU_OK;
    }
    numu_status status = numu_root_get(state, scratch, site, &root);
    *out = status == NUMU_OK;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* --- administrators --- */

numu_status numu_administrator_check(struct numu_state *state, struct numu_arena *scratch,
                                     const struct numu_record *record, struct numu_person *out) {
    struct numu_public_key key;
    numu_status status = numu_person_get(state, scratch, record->site, record->event.by, out);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_INVALID : status);
    bool has_key = out->key.length > 0 && numu_public_key_parse(out->key, &key) == NUMU_OK;
    bool has_signed = record->signature_count > 0;
    for (size_t i = 0; has_key && i < record->signature_count; i++) {
        has_signed = has_signed &&
                     numu_signature_is_valid(&key, record->body, &record->signatures[i].signature);
    }
    bool may = (numu_person_roles(out, record->recorded) & NUMU_ROLE_administrator) != 0;
    return may && (has_signed || !has_key) ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_administrators_check(struct numu_state *state, struct numu_arena *scratch,
                                      const struct numu_record *first,
                                      const struct numu_record *second) {
    struct numu_person one;
    struct numu_person other;
    if (numu_text_is_equal(first->event.by, second->event.by)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_administrator_check(state, scratch, first, &one));
    NUMU_TRY(numu_administrator_check(state, scratch, second, &other));
    bool is_one_key = one.key.length > 0 && numu_text_is_equal(one.key, other.key);
    return is_one_key ? NUMU_INVALID : NUMU_OK;
}

/* --- wherever a log is taken --- */

static void count_complaint(void *data, numu_root_problem problem, struct numu_text name) {
    size_t *count = data;
    (void)problem;
    (void)name;
    ++*count;
}

/* A register takes effect: by itself (second NULL), or by an approval. */
static numu_status check_effect(struct numu_state *state, struct numu_arena *scratch,
                                const struct numu_record *first, const struct numu_record *second) {
    const struct numu_root_case of = {.ledger = first->event.ledger,
                                      .site = first->site,
                                      .recorded =
                                          second == NULL ? first->recorded : second->recorded,
                                      .registry = first->event.registry};
    size_t complaints = 0;
    bool wants_administrators;
    NUMU_TRY(numu_root_judge(state, scratch, &of, count_complaint, &complaints));
    NUMU_TRY(numu_root_wants_administrators(state, scratch, first->site, &first->event,
                                            &wants_administrators));
    if (complaints > 0) {
        return NUMU_INVALID;
    }
    return wants_administrators && second != NULL
               ? numu_administrators_check(state, scratch, first, second)
               : NUMU_OK;
}

numu_status numu_root_check(struct numu_state *state, struct numu_arena *scratch, uint32_t log,
                            const struct numu_record *record) {
    struct numu_record proposal;
    bool needs_two;
    if (record->event.type == NUMU_EVENT_register) {
        NUMU_TRY(numu_event_needs_two(state, record->site, &record->event, &needs_two));
        return needs_two ? NUMU_OK : check_effect(state, scratch, record, NULL);
    }
    if (record->event.type != NUMU_EVENT_approve) {
        return NUMU_OK;
    }
    struct numu_reference of;
    struct numu_sha256 leaf;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(numu_state_read_referred(state, scratch, log, record, &proposal, &leaf));
    if (proposal.event.type != NUMU_EVENT_register) {
        return NUMU_OK;
    }
    /* What was approved is what stands there: its leaf is what the second person signed. */
    bool is_it = numu_reference_parse(record->event.ref, &of) &&
                 numu_text_is(of.hash, numu_sha256_hex(&leaf, hex));
    return is_it ? check_effect(state, scratch, &proposal, record) : NUMU_INVALID;
}
