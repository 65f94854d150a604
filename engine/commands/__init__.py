"""What the outside may ask; one verb, one function; the only writers."""

from engine.commands.adopting import Adoption, planned_calendar, propose_calendar
from engine.commands.answering import MAX_PAPERS, SUPPLEMENT, answer
from engine.commands.approving import Approved, approve, decline
from engine.commands.card_cases import Issued
from engine.commands.carding import issue_card
from engine.commands.catching_up import COMMANDS as DUE_COMMANDS
from engine.commands.catching_up import KINDS as DUE_KINDS
from engine.commands.catching_up import catch_up, items_ahead, perform, tell_monitors, tell_shortages
from engine.commands.claims import claim, release, take_back
from engine.commands.completing import Completed, complete
from engine.commands.copying import copy, sees_cases
from engine.commands.deciding import vote
from engine.commands.definitions import propose_definition
from engine.commands.definitions import proposed as proposed_definition
from engine.commands.delivering import awaited, deliver
from engine.commands.drafts import Kept, Paper, attach, detach, discard_draft, keep_file, save_draft, throw_away
from engine.commands.eligible import officers
from engine.commands.filing import Filed, file_case
from engine.commands.firing import fire_timer, record_overrun
from engine.commands.founding import County, found
from engine.commands.lending import lend
from engine.commands.mending import propose_correction
from engine.commands.mending_marks import plan_correction
from engine.commands.moving import CaseMove, plan_move, planned_move, propose_move
from engine.commands.people.absences import propose_absence, propose_end_of_absence
from engine.commands.people.accounts import propose_account
from engine.commands.people.leaving import propose_leaving
from engine.commands.people.officers import propose_officer
from engine.commands.people.passwords import change_password
from engine.commands.people.posts import propose_end_of_post, propose_post
from engine.commands.people.rules import RuleFile, propose_rules, proposed_rules, rules_differing
from engine.commands.people.second_factor import Enrolment, confirm_second_factor, enrol_second_factor
from engine.commands.people.stand_ins import propose_end_of_stand_in, propose_stand_in
from engine.commands.people.ties import declare_tie, end_tie
from engine.commands.reading import read_all_memos, read_memo
from engine.commands.recusing import LONGEST_REASON, decide_recusal, raise_recusal
from engine.commands.rendering import PANGO, paper, render_document, render_waiting
from engine.commands.repairing import propose_repair, repair_places
from engine.commands.returning import return_step, returnable
from engine.commands.sessions import (
    authenticate,
    open_case_by_code,
    reissue_code,
    revoke_sessions,
    sign_in,
    sign_out,
    touch,
)
from engine.commands.signing import add_signer, advise, remove_signer
from engine.commands.staffing.guard import Role, Share, foresee
from engine.commands.staffing.lasting import lasts
from engine.commands.tracing import Exported, check, permit_trace, record_check, record_export, write_export
from engine.commands.transferring import transfer
from engine.commands.undoing import withdraw_step, withdrawable
from engine.commands.urging import urge
from engine.commands.withdrawing import withdraw
from engine.db.founding import OfficerRow, OrganRow
from engine.db.people import Applicant
from engine.db.read.eligible import Eligible

__all__ = [
    "DUE_COMMANDS",
    "DUE_KINDS",
    "LONGEST_REASON",
    "MAX_PAPERS",
    "PANGO",
    "SUPPLEMENT",
    "Adoption",
    "Applicant",
    "Approved",
    "CaseMove",
    "Completed",
    "County",
    "Eligible",
    "Enrolment",
    "Exported",
    "Filed",
    "Issued",
    "Kept",
    "OfficerRow",
    "OrganRow",
    "Paper",
    "Role",
    "RuleFile",
    "Share",
    "add_signer",
    "advise",
    "answer",
    "approve",
    "attach",
    "authenticate",
    "awaited",
    "catch_up",
    "change_password",
    "check",
    "claim",
    "complete",
    "confirm_second_factor",
    "copy",
    "decide_recusal",
    "declare_tie",
    "decline",
    "deliver",
    "detach",
    "discard_draft",
    "end_tie",
    "enrol_second_factor",
    "file_case",
    "fire_timer",
    "foresee",
    "found",
    "issue_card",
    "items_ahead",
    "keep_file",
    "lasts",
    "lend",
    "officers",
    "open_case_by_code",
    "paper",
    "perform",
    "permit_trace",
    "plan_correction",
    "plan_move",
    "planned_calendar",
    "planned_move",
    "propose_absence",
    "propose_account",
    "propose_calendar",
    "propose_correction",
    "propose_definition",
    "propose_end_of_absence",
    "propose_end_of_post",
    "propose_end_of_stand_in",
    "propose_leaving",
    "propose_move",
    "propose_officer",
    "propose_post",
    "propose_repair",
    "propose_rules",
    "propose_stand_in",
    "proposed_definition",
    "proposed_rules",
    "raise_recusal",
    "read_all_memos",
    "read_memo",
    "record_check",
    "record_export",
    "record_overrun",
    "reissue_code",
    "release",
    "remove_signer",
    "render_document",
    "render_waiting",
    "repair_places",
    "return_step",
    "returnable",
    "revoke_sessions",
    "rules_differing",
    "save_draft",
    "sees_cases",
    "sign_in",
    "sign_out",
    "take_back",
    "tell_monitors",
    "tell_shortages",
    "throw_away",
    "touch",
    "transfer",
    "urge",
    "vote",
    "withdraw",
    "withdraw_step",
    "withdrawable",
    "write_export",
]
