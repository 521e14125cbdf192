"""Each way to do harm, and the tests that try it. A test that is gone, or renamed, fails here."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.live import ROOT

pytestmark = pytest.mark.quick

ROWS = {
    "a forged token": "kiremisu/accounts/test_tokens: a_token_that_we_did_not_sign_opens_nothing, "
    "a_token_that_says_something_else_opens_nothing",
    "a token whose time or owner is gone": "kiremisu/accounts/test_tokens: "
    "a_token_that_does_not_hold_now_opens_nothing; kiremisu/accounts/test_api: "
    "a_new_password_ends_tokens, who_is_shut_out_is_out_at_once, "
    "a_token_of_somebody_who_is_gone_opens_nothing; kiremisu/accounts/test_recalling: "
    "what_another_process_changes_is_heard, what_nobody_told_of_holds_a_minute_at_most",
    "a credential where another belongs": "matrix/test_credentials: "
    "a_credential_in_the_wrong_place_opens_nothing, only_a_refresh_token_is_renewed",
    "a refresh token that comes again": "kiremisu/accounts/test_api: "
    "a_refresh_token_that_comes_again_kills_its_family",
    "guessing": "attacks/test_guessing: "
    "of_a_thousand_guesses_under_made_up_addresses_a_hundred_are_looked_at, "
    "of_guesses_at_one_account_ten_are_looked_at, "
    "nothing_tells_a_name_that_exists_from_one_that_does_not",
    "a key where it can be read": "attacks/test_leaks: "
    "a_key_or_a_token_is_found_in_no_answer_and_no_log, the_database_holds_no_credential, "
    "no_credential_counts_in_an_address",
    "forms and scripts of other sites": "attacks/test_crossing: "
    "no_page_takes_a_form_that_is_not_ours, no_answer_lets_scripts_of_other_sites_read_it, "
    "a_page_of_another_origin_reads_nothing_and_changes_nothing; matrix/test_credentials: "
    "a_session_changes_nothing_without_its_csrf_token",
    "what is somebody else's": "matrix/test_matrix: an_operation_answers_as_it_declares; "
    "matrix/test_pages: a_page_tells_nobody_what_is_not_theirs",
    "raising oneself": "attacks/test_fields: no_body_takes_a_field_that_is_not_its_own, "
    "nobody_says_of_themselves_what_others_decide; kiremisu/accounts/test_users: "
    "nobody_raises_themselves",
    "taking the last administrator away": "kiremisu/accounts/test_users: "
    "the_last_administrator_stays, of_two_who_take_each_others_role_one_stays; "
    "kiremisu/accounts/test_admin: the_last_administrator_cannot_be_removed",
    "an address for the server to fetch": "attacks/test_fields: "
    "nobody_gives_the_server_an_address_to_go_to, nothing_of_ours_fetches",
    "markup in a name": "attacks/test_scripts_browser: no_name_does_anything_but_stand_there, "
    "what_an_address_says_is_text_too, what_comes_while_one_looks_is_text_too",
    "a page opened by itself": "attacks/test_headers: "
    "what_comes_out_of_a_book_may_do_nothing_when_opened_itself; reader/test_pages: "
    "what_is_no_picture_is_never_sent",
    "a name as a header": "attacks/test_names: no_name_of_a_file_writes_a_header",
    "a way out of a folder": "attacks/test_paths: no_address_leads_out, "
    "a_page_that_lies_outside_its_folder_is_not_read; library/uploads/test_names: "
    "no_folder_leads_out_of_the_library",
    "SQL": "attacks/test_parameters: sql_in_a_parameter_is_text, "
    "signs_with_a_meaning_for_sql_are_letters",
    "far too much": "attacks/test_parameters: "
    "far_too_much_in_a_parameter_is_refused_or_costs_little; library/test_search: "
    "hostile_searches_are_answered_at_bounded_cost",
    "text that is slow to read": "attacks/test_costs: a_bait_is_read_in_linear_time; "
    "library/names/test_hostile_names: the_work_on_a_bait_grows_linearly_with_its_length",
    "a body without end or sense": "attacks/test_bodies: a_gigabyte_is_let_go_at_flat_memory, "
    "a_body_that_makes_no_sense_is_refused, a_number_that_no_column_holds_is_refused",
    "being slow": "kiremisu/server/test_web: who_does_not_come_out_with_a_request_is_let_go, "
    "a_thousand_idle_and_slow_connections_keep_nobody_waiting; kiremisu/test_handler: "
    "a_body_that_comes_too_slowly_is_refused",
    "streams and sockets": "kiremisu/jobs/test_watching: one_process_has_only_so_many_streams; "
    "kiremisu/jobs/test_live: nobody_follows_without_signing_in, what_one_may_not_see_is_not_told, "
    "one_person_opens_only_so_many_streams; kiremisu/jobs/test_sockets: a_flood_closes_it, "
    "a_stranger_is_refused; attacks/test_streams: nobody_hears_of_what_is_not_theirs",
    "ranges": "reader/test_delivery: which_bytes_are_asked_for; reader/test_pages: "
    "a_range_past_the_end_cannot_be_had, a_range_that_makes_no_sense_is_passed_over; "
    "reader/test_drawn_pages: a_part_of_a_file",
    "a copy of what has changed": "reader/test_pages: "
    "a_page_of_a_file_that_changed_has_another_etag; kiremisu/test_conditional: "
    "an_answer_that_changed_has_another_etag",
    "numbers that are none": "attacks/test_parameters: a_number_that_is_none_is_refused_by_name",
    "leading elsewhere": "kiremisu/test_setup_pages: signing_in_never_leads_elsewhere",
    "another host's name": "attacks/test_crossing: "
    "nothing_is_told_under_a_name_that_is_not_ours, "
    "what_a_request_claims_of_its_host_reaches_no_answer",
    "frames and guesses": "attacks/test_headers: every_answer_is_guarded, "
    "by_https_a_browser_is_told_to_keep_to_it",
    "devices out of order": "reader/test_progress: "
    "whatever_order_saves_arrive_in_the_outcome_is_the_same",
    "the same place at once": "attacks/test_races: "
    "the_same_place_a_hundred_times_at_once_is_one_row; reader/test_progress: "
    "a_hundred_saves_at_once_make_one_row",
    "lines of the log": "attacks/test_leaks: nothing_in_a_request_forges_a_line_of_the_log, "
    "no_answer_to_a_reader_tells_where_files_lie; kiremisu/lib/test_logs: no_secret_is_written, "
    "what_people_name_their_files_cannot_forge_a_line",
    "many at once": "library/test_batches: all_or_nothing_leaves_no_trace, "
    "each_for_itself_keeps_the_others_and_names_the_one; kiremisu/test_repeats: "
    "one_key_sent_twenty_times_at_once_works_once; kiremisu/test_conditional: "
    "of_fifty_edits_of_one_state_one_succeeds; attacks/test_races: "
    "of_fifty_who_write_different_keys_at_once_nobody_loses_theirs, "
    "what_is_asked_too_often_is_counted_over_two_servers; library/test_cursor_costs: "
    "page_a_thousand_costs_what_page_one_does_and_goes_both_ways; "
    "library/test_filters_at_random: random_filters_find_what_plain_ones_find",
}


@cache
def named_in(place: str) -> frozenset[str]:
    text = (Path(ROOT) / "tests" / f"{place}.py").read_text()
    return frozenset(re.findall(r"^(?:async )?def test_(\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("row", ROWS)
def test_a_way_to_do_harm_is_tried(row: str) -> None:
    for part in ROWS[row].split("; "):
        place, _, names = part.partition(": ")
        assert not {*names.split(", ")} - named_in(place)
