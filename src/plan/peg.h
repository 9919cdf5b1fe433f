/*
 * peg.h - pegs: which order or receipt covers which requirement, both ways, derived on demand.
 *
 * A peg says that a quantity of a supply of a part (a receipt, or an order) is for a taker: a
 * demand, or an order of another part through a line of its bill. Pegs of a part follow from the
 * explosion's arrays; nothing but the parts asked about is looked at.
 *
 * [G1] Pegs of a part add up exactly: over a supply to its quantity, over a taker to its
 *      requirement. What nothing takes is pegged to nobody, what nothing covers from nothing.
 * [G2] Supplies serve in the order they are there, takers are served in the order of their days,
 *      then by class (priority of a demand; orders with the most urgent), then by number: first in,
 *      first out. Of a part that spoils, what is there and spoils first is taken first, and what is
 *      too old on a taker's day is passed over.
 *      Netting knows no such choices: of a part that spoils, or has reserved receipts that do, a
 *      taker may stay uncovered here although there was enough in sum.
 * [G3] Reserved receipts go first, to the demand they are reserved for or to orders that serve it,
 *      whatever else is due: an assignment once made is kept until it is released.
 * [G4] Where [G3] makes another taker wait although its day comes first, and its own supply will be
 *      there before the reserved one is needed, the goods are lent: see numu_peg_loans. Pegs stay
 *      as they are; the loan says what to do.
 */
#ifndef NUMU_PLAN_PEG_H
#define NUMU_PLAN_PEG_H

#include "plan/explode.h"

typedef enum numu_peg_side {
    NUMU_PEG_NONE = 0, /* nothing covers it; nobody takes it */
    NUMU_PEG_RECEIPT,  /* supply: number of a receipt */
    NUMU_PEG_ORDER,    /* supply: index of the part's orders; taker: of the taking part's */
    NUMU_PEG_DEMAND    /* taker: number of a demand */
} numu_peg_side;

struct numu_peg {
    uint8_t supply_side, taker_side; /* numu_peg_side */
    uint32_t supply;
    uint32_t taker_part, taker; /* of an order */
    uint32_t line;              /* of an order's bill; NUMU_NONE */
    numu_day there;             /* when the supply is there; the taker's day where there is none */
    numu_day day;               /* when it is taken; `there` where nobody takes it */
    numu_quantity quantity;
};

/* Pegs of a part, takers in order; those that nobody takes last. */
struct numu_part_pegs {
    struct numu_peg *list;
    uint32_t count;
};

struct numu_pegging {
    const struct numu_context *context;
    const struct numu_materials *materials;
    const struct numu_orders *orders;
    const int64_t *demand_priority; /* NULL = all alike */
    const uint32_t *receipt_demand; /* by receipt: demand it is reserved for; NULL = none are */
    struct numu_arena *arena;       /* pegs live here */
    struct numu_part_pegs **part;   /* by part: once asked for */
};

/* Starts a session; the first four members are set by the caller. */
NUMU_MUST_CHECK numu_status numu_pegging_begin(struct numu_pegging *pegging,
                                               struct numu_arena *arena);

/* The pegs of a part, kept for the session. NUMU_LIMIT where a quantity does not fit. */
NUMU_MUST_CHECK numu_status numu_pegs_of_part(struct numu_pegging *pegging, uint32_t part,
                                              const struct numu_part_pegs **out);

/* The pegs of a part for one taker: [*out_first, *out_end) of the list. */
void numu_pegs_of_taker(const struct numu_part_pegs *pegs, numu_peg_side side, uint32_t part,
                        uint32_t taker, uint32_t line, uint32_t *out_first, uint32_t *out_end);

/*
 * All that serves a demand, down to what is bought: visits each peg once, level by level, each
 * order's own bill once. `visit` may stop the walk by any other status than NUMU_OK.
 */
NUMU_MUST_CHECK numu_status numu_pegs_below(struct numu_pegging *pegging, uint32_t demand,
                                            numu_status (*visit)(void *data, uint32_t part,
                                                                 const struct numu_peg *peg),
                                            void *data);

/* Whether an order of a part serves a demand, directly or through the orders that take it. */
NUMU_MUST_CHECK numu_status numu_peg_serves(struct numu_pegging *pegging, uint32_t part,
                                            uint32_t order, uint32_t demand, bool *out);

/* A quantity lent between takers of a part [G4]: numbers of pegs in the part's list. */
struct numu_loan {
    uint32_t lender, borrower;
    numu_quantity quantity;
    numu_day from; /* lent: the borrower's day */
    numu_day to;   /* paid back: when the borrower's own supply is there */
};

/* Appends the loans of a part (struct numu_loan), borrowers in order of their days. */
NUMU_MUST_CHECK numu_status numu_peg_loans(struct numu_pegging *pegging, uint32_t part,
                                           struct numu_buffer *out);

#endif
