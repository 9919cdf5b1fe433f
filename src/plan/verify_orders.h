/*
 * verify_orders.h - the orders and pegs of a plan held against the package, by code that shares
 * nothing with the planner but the model.
 *
 * [V1] Every order is of a process, or of a way between two sites, that the package has; every peg
 *      names an order or a demand that is there (order-unknown).
 * [V2] From start to due lie at least the days of the lead time, in the calendar of the process's
 *      first resource; calendar days for what is bought or brought. An order of the master plan
 *      that starts on the first day of all may be shorter, since the master plan counts months
 *      (order-lead-time).
 * [V3] Quantities are multiples of the item's least step; those of the materials plan keep minimum
 *      and multiple of their process, and what is started, less what is lost, makes them
 *      (order-lot).
 * [V4] Pegs add up exactly: over each order, and the stock, open orders and deliveries of each item
 *      at each site, to what they bring; over each order to what its bill takes on the day it
 *      starts; over each demand of an item of the materials plan to its quantity, of the master
 *      plan to what the plan serves (order-pegs).
 */
#ifndef NUMU_PLAN_VERIFY_ORDERS_H
#define NUMU_PLAN_VERIFY_ORDERS_H

#include "model/calendar.h"
#include "plan/plan.h"

/*
 * Adds a finding for each rule broken; NUMU_INVALID where there is one. *out_count is the number of
 * orders looked at. A plan without orders breaks nothing.
 */
NUMU_MUST_CHECK numu_status numu_verify_orders(const struct numu_context *context,
                                               const struct numu_model *model,
                                               const struct numu_plan *plan,
                                               struct numu_report *report, numu_row *out_count);

#endif
