/*
 * simulate_shown.c - what of the books shows each fault, at the end.
 */
#include "ledger/simulate_world.h"

#include "ledger/doubt.h"
#include "ledger/query.h"

static bool is_doubtful(const struct numu_planted_fault *fault, numu_doubt_kind kind) {
    switch (fault->kind) {
    case NUMU_FAULT_LATE:
    case NUMU_FAULT_BACKDATED:
        return kind == NUMU_DOUBT_LATE;
    case NUMU_FAULT_CLOCK:
        return kind == NUMU_DOUBT_CLOCK;
    case NUMU_FAULT_SWAPPED:
    case NUMU_FAULT_MISTYPED:
        return kind == NUMU_DOUBT_STRAY;
    case NUMU_FAULT_REVOKED:
        return kind == NUMU_DOUBT_REVOKED;
    default:
        return false;
    }
}

/* Doubts of one book, which by now has all logs, against the faults. */
static numu_status show_doubts(struct numu_world *world) {
    struct numu_doubt *doubts;
    size_t count;
    struct numu_planted_fault *faults = (void *)world->faults.data;
    NUMU_TRY(numu_doubts_list(world->setup->sites[0].ledger, world->arena, &doubts, &count));
    for (size_t i = 0; i < count; i++) {
        /* A site that heard late, and what is told again after a fork, are late, which is so. */
        bool is_true = doubts[i].type == NUMU_EVENT_register ||
                       (doubts[i].kind == NUMU_DOUBT_LATE &&
                        numu_world_was_told_again(world, doubts[i].site, doubts[i].sequence));
        for (size_t j = 0; j < world->faults.length / sizeof *faults; j++) {
            struct numu_planted_fault *fault = &faults[j];
            if (fault->sequence == doubts[i].sequence && is_doubtful(fault, doubts[i].kind) &&
                numu_text_is_equal(world->setup->sites[fault->site].id, doubts[i].site)) {
                is_true = true;
                fault->sign = fault->sign == NUMU_SIGN_NONE ? NUMU_SIGN_DOUBT : fault->sign;
            }
        }
        world->false_doubts += !is_true;
    }
    return NUMU_OK;
}

/* Movements that are not done, or more than done. */
static numu_status show_movements(struct numu_world *world) {
    struct numu_transit *transits;
    size_t count;
    struct numu_planted_fault *faults = (void *)world->faults.data;
    NUMU_TRY(
        numu_transits_list(&world->setup->sites[0].ledger->state, world->arena, &transits, &count));
    for (size_t j = 0; j < world->faults.length / sizeof *faults; j++) {
        for (size_t i = 0; i < count; i++) {
            if (faults[j].dispatch.length > 0 && faults[j].sign == NUMU_SIGN_NONE &&
                transits[i].state != NUMU_MOVEMENT_DONE &&
                numu_text_is_equal(faults[j].dispatch, transits[i].dispatch)) {
                faults[j].sign = NUMU_SIGN_MOVEMENT;
            }
        }
    }
    return NUMU_OK;
}

/* What was on a stick that was lost came with a later one. */
static numu_status show_sticks(struct numu_world *world) {
    struct numu_planted_fault *faults = (void *)world->faults.data;
    for (size_t j = 0; j < world->faults.length / sizeof *faults; j++) {
        bool is_there = faults[j].kind == NUMU_FAULT_STICK;
        for (size_t to = 0; to < world->setup->site_count && is_there; to++) {
            const struct numu_ledger *from = world->setup->sites[faults[j].site].ledger;
            if (to != faults[j].site) {
                NUMU_TRY(numu_world_knows(world, to, faults[j].site, (int64_t)from->head.size - 1,
                                          &is_there));
            }
        }
        faults[j].sign = is_there ? NUMU_SIGN_NEXT : faults[j].sign;
    }
    return NUMU_OK;
}

numu_status numu_world_show(struct numu_world *world) {
    NUMU_TRY(show_doubts(world));
    NUMU_TRY(show_movements(world));
    NUMU_TRY(numu_world_show_fork(world));
    return show_sticks(world);
}
