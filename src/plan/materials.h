/*
 * materials.h - the materials plan of a model: its master plan exploded to dated, pegged orders.
 *
 * A part is an item at a site. What the master plan makes, buys and ships is given; items planned
 * by the materials plan are netted and ordered (explode.h), and all is pegged (peg.h).
 *
 * [B1] A month's output of make, assemble and repair is spread over its working days; what is
 *      bought in a month is there on its first day, what is shipped in it too, unless it comes from
 *      where it is made: then on its last. Sums so far are rounded, not the pieces, so that no
 *      drift adds up: an item with `decimals` d has orders in multiples of 10^-d.
 * [B2] An item is planned by the materials plan where its column says so; where the column is
 *      empty, unless it is in demand, hazardous, or scarce: a process of it needs a resource or an
 *      agreement, has a monthly limit, or is opened by an activity.
 * [B3] Sources of such an item at a site: its processes that yield there, in the order of their
 *      rows; where there are none, the quickest way from a site that has some. Lead times of make,
 *      assemble and repair are working days of the calendar of the first operation's resource (the
 *      package's where there is none), whole days, rounded up; others are calendar days. A process
 *      starts on the day it and its resources open.
 * [B4] Nothing starts before the package's data date (where it has none: the horizon's first day).
 *      What is due before it is due on it, with an exception.
 * [B5] Safety stock is kept where the first line of a bill takes the item; where none does, where
 *      its first process yields. Shelf life: a month is
 *      30.436875 days, rounded down to days.
 */
#ifndef NUMU_PLAN_MATERIALS_H
#define NUMU_PLAN_MATERIALS_H

#include "plan/master.h"

/* Whether an item is planned by the materials plan [B2]; by row of model.item. */
NUMU_MUST_CHECK numu_status numu_materials_find(const struct numu_model *model,
                                                struct numu_arena *arena, uint8_t **out);
/* Orders of an item are multiples of this: 10^(6 - decimals). */
numu_quantity numu_item_step(const struct numu_model *model, numu_row item);

/*
 * Fills the tables planned_order, peg, exception and borrowing of *plan from its tables production,
 * shipment, service and hours and the model that these were made from. Arrays and ids live in
 * `arena`, other texts are the model's. NUMU_INVALID with a finding (quantity-too-large) where a
 * quantity does not fit. On failure *plan is as it was, but for the arena.
 */
NUMU_MUST_CHECK numu_status numu_materials_plan(const struct numu_context *context,
                                                const struct numu_model *model,
                                                const struct numu_calendars *calendars,
                                                const struct numu_plan_dates *dates,
                                                struct numu_arena *arena,
                                                struct numu_report *report, struct numu_plan *plan);

#endif
