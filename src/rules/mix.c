/*
 * mix.c - see mix.h.
 */
#include "rules/mix.h"

/* A load being judged. `as_group` is what its group counts as by a note. */
struct load {
    const struct numu_matrix *matrix;
    const struct numu_mix_goods *goods;
    size_t count;
    uint8_t as_group[NUMU_GROUPS]; /* by group */
    size_t a, b;                   /* the pair found last */
    struct numu_mix_result result;
};

/* A verdict stands unless a stricter one comes: apart, then not determined, then together. */
static void conclude(struct load *load, numu_mix_verdict verdict, numu_mix_reason reason,
                     uint8_t note) {
    bool is_stricter = verdict == NUMU_MIX_APART ? load->result.verdict != NUMU_MIX_APART
                                                 : load->result.verdict == NUMU_MIX_TOGETHER;
    if (is_stricter) {
        load->result.verdict = verdict;
        load->result.reason = reason;
        load->result.note = note;
        load->result.a = load->a;
        load->result.b = load->b;
    }
}

static bool is_identical(const struct load *load, size_t a, size_t b) {
    return load->goods[a].group == load->goods[b].group &&
           load->goods[a].identity == load->goods[b].identity;
}

/* The cell of a pair, by what its groups count as; identical goods are no pair. */
static uint8_t cell_of(const struct load *load, size_t a, size_t b) {
    return is_identical(load, a, b) ? NUMU_MIX_ALWAYS
                                    : load->matrix->cell[load->as_group[load->goods[a].group]]
                                                        [load->as_group[load->goods[b].group]];
}

/* The first pair with a cell; false where there is none. */
static bool find_pair(struct load *load, uint8_t cell) {
    for (size_t a = 0; a < load->count; a++) {
        for (size_t b = a + 1; b < load->count; b++) {
            if (cell_of(load, a, b) == cell) {
                load->a = a;
                load->b = b;
                return true;
            }
        }
    }
    return false;
}

/* Those of a group, or all where it is NO_GROUP, must have none of some forms. */
static void bar_forms(struct load *load, uint8_t group, uint8_t forms, uint8_t note) {
    for (size_t i = 0; i < load->count; i++) {
        if (group != NUMU_NO_GROUP && load->goods[i].group != group) {
            continue;
        }
        if (load->goods[i].forms == 0) {
            conclude(load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_NEEDS_FORM, note);
        } else if ((load->goods[i].forms & forms) != 0) {
            conclude(load, NUMU_MIX_APART, NUMU_MIX_BY_NOTE, note);
        }
    }
}

/* Forms that goods of the pairs of a note have between them; 0 where one is not known. */
static uint8_t forms_of_note(const struct load *load, uint8_t note) {
    uint8_t forms = 0;
    for (size_t a = 0; a < load->count; a++) {
        for (size_t b = 0; b < load->count; b++) {
            if (a != b && cell_of(load, a, b) == note) {
                if (load->goods[a].forms == 0) {
                    return 0;
                }
                forms |= load->goods[a].forms;
            }
        }
    }
    return forms;
}

static void count_load_as(struct load *load, uint8_t index) {
    const struct numu_mix_note *note = &load->matrix->note[index];
    uint8_t forms = forms_of_note(load, index);
    uint8_t allowed = (uint8_t)(note->only | NUMU_FORM_FIREWORKS);
    if (note->only != 0 && forms == 0) {
        conclude(load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_NEEDS_FORM, index);
    } else if (note->only != 0 && (forms & ~allowed) != 0) {
        conclude(load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_NOT_READ, index);
    } else if (load->result.group_as != NUMU_NO_GROUP && load->result.group_as != note->as) {
        conclude(load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_CONTRADICTS, index);
    }
    load->result.group_as = note->as;
}

/* Applies a note that a pair of the load has. */
static void apply(struct load *load, uint8_t index) {
    const struct numu_mix_note *note = &load->matrix->note[index];
    load->result.notes_used |= UINT64_C(1) << index;
    switch (note->condition) {
    case NUMU_MIX_ARTICLES_OF:
        bar_forms(load, note->group, (uint8_t)(note->excludes | NUMU_FORM_SUBSTANCE), index);
        if (note->without != 0) {
            bar_forms(load, NUMU_NO_GROUP, note->without, index);
        }
        break;
    case NUMU_MIX_IDENTICAL: /* identical goods are no pair: these are not */
        conclude(load, NUMU_MIX_APART, NUMU_MIX_BY_NOTE, index);
        break;
    case NUMU_MIX_PROVED:
        load->result.hazard_as = note->otherwise;
        break;
    case NUMU_MIX_GROUP_COUNTS_AS: /* regroup */
        break;
    case NUMU_MIX_LOAD_COUNTS_AS:
        count_load_as(load, index);
        break;
    }
}

/* Notes that make a group count as another come first: the pairs are looked at anew. */
static void regroup(struct load *load) {
    uint8_t as_group[NUMU_GROUPS];
    for (unsigned group = 0; group < NUMU_GROUPS; group++) {
        as_group[group] = (uint8_t)group;
    }
    for (uint8_t i = 0; i < load->matrix->note_count; i++) {
        const struct numu_mix_note *note = &load->matrix->note[i];
        if (note->condition == NUMU_MIX_GROUP_COUNTS_AS && find_pair(load, i)) {
            as_group[note->group] = note->as;
            load->result.notes_used |= UINT64_C(1) << i;
        }
    }
    for (unsigned group = 0; group < NUMU_GROUPS; group++) {
        load->as_group[group] = as_group[group];
    }
}

/* Applies all notes that pairs of the load have, as their groups count now. */
static void apply_notes(struct load *load) {
    for (uint8_t i = 0; i < load->matrix->note_count; i++) {
        if (find_pair(load, i)) {
            apply(load, i);
        }
    }
    if (find_pair(load, NUMU_MIX_NEVER)) {
        conclude(load, NUMU_MIX_APART, NUMU_MIX_BY_MATRIX, NUMU_MIX_ALWAYS);
    }
}

struct numu_mix_result numu_mix(const struct numu_matrix *matrix,
                                const struct numu_mix_goods *goods, size_t count, bool is_proved) {
    struct load load = {.matrix = matrix,
                        .goods = goods,
                        .count = count,
                        .a = SIZE_MAX,
                        .b = SIZE_MAX,
                        .result = {.a = SIZE_MAX,
                                   .b = SIZE_MAX,
                                   .note = NUMU_MIX_ALWAYS,
                                   .group_as = NUMU_NO_GROUP,
                                   .hazard_as = NUMU_NO_HAZARD}};
    if (!matrix->is_present) {
        conclude(&load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_NO_MATRIX, NUMU_MIX_ALWAYS);
        return load.result;
    }
    for (unsigned group = 0; group < NUMU_GROUPS; group++) {
        load.as_group[group] = (uint8_t)group;
    }
    apply_notes(&load);
    regroup(&load);
    uint8_t whole = load.result.group_as;
    if (whole != NUMU_NO_GROUP && load.as_group[whole] != whole) {
        /* All of it counts as a group whose goods count as another one. */
        conclude(&load, NUMU_MIX_NOT_DETERMINED, NUMU_MIX_CONTRADICTS, NUMU_MIX_ALWAYS);
    }
    apply_notes(&load);
    if (is_proved) {
        load.result.hazard_as = NUMU_NO_HAZARD;
    }
    if (load.result.verdict == NUMU_MIX_TOGETHER && load.result.notes_used != 0) {
        load.result.reason = NUMU_MIX_BY_NOTE;
    }
    return load.result;
}
