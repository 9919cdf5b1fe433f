/*
 * evidence.h - what a package rests on, in words: `numu check --evidence`.
 */
#ifndef NUMU_VIEW_EVIDENCE_H
#define NUMU_VIEW_EVIDENCE_H

#include "app/evidence.h"
#include "view/rows.h"

/*
 * Table: a line a measure, with the total and the share of each basis. CSV: totals by basis, money
 * in major units. JSON: "numu.evidence/1", money in minor units. On failure the buffer is as it
 * was.
 */
NUMU_MUST_CHECK numu_status numu_view_evidence(struct numu_buffer *buffer,
                                               const struct numu_evidence_result *evidence,
                                               const struct numu_stamp *stamp,
                                               numu_language language, numu_format format);

#endif
