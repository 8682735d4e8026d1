"""What is really wrong in public routines and policies; each was verified by reading."""

from __future__ import annotations

import json
import re
from pathlib import Path

from secondthought.routines.parse import parse
from secondthought.routines.tools import Tools
from secondthought.routines.validate.check import check
from tests.routines.conftest import PUBLISHED

# The numbered tools that the banking documents name and the domain's tool file defines.
BANKING_TOOLS = re.findall(
    r"\w+",
    """
activate_debit_card_8291 activate_debit_card_8292 activate_debit_card_8293
apply_checking_account_credit_5829 apply_credit_card_account_flag_6147
apply_savings_account_credit_6831 apply_statement_credit_8472 approve_credit_limit_increase_5847
change_debit_card_pin_6285 close_bank_account_7392 close_credit_card_account_7834
close_debit_card_4721 deny_credit_limit_increase_5848 deposit_check_3847
file_credit_card_transaction_dispute_4829 file_debit_card_transaction_dispute_6281
freeze_debit_card_3892 get_all_user_accounts_by_user_id_3847 get_atm_deposit_images_8473
get_bank_account_transactions_9173 get_closure_reason_history_8293
get_credit_limit_increase_history_4829 get_debit_cards_by_account_id_7823
get_pending_replacement_orders_5765 get_user_dispute_history_7291
initial_transfer_to_human_agent_0218 initial_transfer_to_human_agent_1822
log_credit_card_closure_reason_4521 open_bank_account_4821 order_debit_card_5739
order_replacement_credit_card_7291 pay_credit_card_from_checking_9182
request_temporary_debit_card_limit_increase_8374 reset_debit_card_pin_6284
set_debit_card_recurring_block_7382 submit_credit_limit_increase_request_7392
submit_interest_discrepancy_report_7294 transfer_funds_between_bank_accounts_7291
unfreeze_debit_card_3893 update_transaction_rewards_3847
""",
)


def test_published_routines_have_their_known_errors_and_no_false_ones(
    published: dict[str, str], articles: dict[str, str]
) -> None:
    """At most one false error per ten steps is allowed; here there is none."""
    errors = {
        name: [
            (f.line, f.code, f.message.split()[0])
            for f in check(parse(text), source=articles.get(PUBLISHED[name] or ""))
            if f.severity == "error"
        ]
        for name, text in published.items()
    }
    assert errors == {
        "o1_delete_payment_method": [],
        "o1_prepaid_billing": [],
        "o1_vat_exemption": [(42, "E11", "case_resolution")],
        "swarm_flight_cancellation": [
            (3, "E11", "escalate_to_agent"),
            (6, "E11", "initiate_refund"),
            (8, "E11", "initiate_flight_credits"),
            (10, "E11", "case_resolved"),
        ],
        "swarm_lost_baggage": [
            (1, "E11", "initiate_baggage_search"),
            (5, "E11", "escalate_to_agent"),
            (6, "E11", "case_resolved"),
        ],
    }


def test_at_most_one_error_per_ten_unmodified_steps_of_real_policies(data: Path) -> None:
    """Even if every error were a false one, but E11: policies define no functions."""
    texts = [path.read_text("utf-8") for path in (data / "policies").glob("*.md")]
    rows = json.loads((data / "policies" / "tau2_banking_procedures.json").read_text("utf-8"))
    texts += [row["content"] for row in rows]
    steps = errors = 0
    for text in texts:
        routine = parse(text)
        steps += len(list(routine.walk()))
        errors += sum(f.severity == "error" and f.code != "E11" for f in check(routine))
    assert steps > 3_000
    assert errors / steps <= 0.02


def test_no_published_o1_routine_leads_to_a_human_or_says_i_dont_know(
    published: dict[str, str],
) -> None:
    for name in (name for name in published if name.startswith("o1_")):
        codes = {f.code for f in check(parse(published[name]))}
        assert {"W22", "W23"} <= codes, name


def test_a_published_routine_calls_with_an_id_that_nobody_gave(published: dict[str, str]) -> None:
    found = check(parse(published["o1_prepaid_billing"]))
    assert [(f.code, f.severity) for f in found if "user_id" in f.message] == [("E18", "warning")]


def test_the_four_dangling_references_of_the_telecom_workflow(data: Path) -> None:
    text = (data / "policies" / "tau2_telecom_tech_support_workflow.md").read_text("utf-8")
    errors = [(f.line, f.code) for f in check(parse(text)) if f.severity == "error"]
    assert errors == [(209, "E6"), (211, "E6"), (219, "E6"), (222, "E6")]


def test_the_banking_tool_that_does_not_exist(data: Path) -> None:
    rows = json.loads((data / "policies" / "tau2_banking_procedures.json").read_text("utf-8"))
    tools = Tools.of([{"name": name} for name in BANKING_TOOLS])
    found = [(row["id"], f) for row in rows for f in check(parse(row["content"]), tools=tools)]
    name = "downgrade_credit_card_3847"
    assert {(where, f.code) for where, f in found if name in f.message} == {
        ("doc_credit_cards_credit_card_account_logistics_008", "E11"),
        ("doc_credit_cards_credit_card_account_logistics_008", "W27"),
    }
    # No other numbered name is reported as missing.
    numbered = {
        f.message.split()[-1] for _, f in found if f.code == "W27" and f.message[-4:].isdigit()
    }
    assert numbered == {name}
