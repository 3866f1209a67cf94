"""Who gets what at every address: read it row by row, add a row for every new endpoint.

A row is an endpoint with the arguments of its address, and a method. A column is who knocks:
  before       anybody, while no organization exists yet
  anonymous    nobody signed in
  pending      joined, not yet admitted
  advocate     admitted as one
  stranger     a caseworker outside the team of the case that is named
  caseworker   one in that team
  coordinator  admitted as one
An outcome is a status, or where a redirect leads: one of REDIRECTS, or 302 for elsewhere. Named are a
team-only case of the caseworker's with its incident, person and file, the caseworker's draft and bundle, a
pattern, the caseworker's own view of the explorer, and an invitation that somebody has joined by.
Posts carry no fields: 400 or 422 is a form that was read, 302 a deed that was done or said why not.
"""

from typing import NamedTuple

REDIRECTS = {
    "home": "/",
    "set-up": "/setup",
    "sign-in": "/sign-in",
    "statistics": "/statistics",
    "unlock": "/unlock",
    "waiting": "/waiting",
}


class Row(NamedTuple):
    """A line of the table."""

    name: str
    method: str
    before: str
    anonymous: str
    pending: str
    advocate: str
    stranger: str
    caseworker: str
    coordinator: str

    @property
    def endpoint(self) -> str:
        """The endpoint alone."""
        return self.name.partition("/")[0]


ROWS = """
endpoint                         method before  anonymous pending advocate   stranger caseworker coordinator
account.another_passphrase       POST   set-up  sign-in   waiting 302        302      302        302
account.passphrase               GET    set-up  sign-in   waiting 200        200      200        200
account.passphrase               POST   set-up  sign-in   waiting 400        400      400        400
account.show                     GET    set-up  sign-in   waiting 200        200      200        200
account.show                     POST   set-up  sign-in   waiting 400        400      400        400

accounts.compare/incident_id/other_incident_id GET set-up sign-in waiting 403 404 200 200
accounts.decide                  POST   set-up  sign-in   waiting 403        404      404        404
accounts.index                   GET    set-up  sign-in   waiting 403        200      200        200
accessrequests.edit/request_id   GET    set-up  sign-in   waiting 403        403      403        200
accessrequests.edit/request_id   POST   set-up  sign-in   waiting 403        403      403        422
accessrequests.index             GET    set-up  sign-in   waiting 200        200      200        200
accessrequests.new               GET    set-up  sign-in   waiting 403        403      403        200
accessrequests.new               POST   set-up  sign-in   waiting 403        403      403        422
acts.add/incident_id             GET    set-up  sign-in   waiting 403        404      200        200
acts.add/incident_id             POST   set-up  sign-in   waiting 403        404      422        422
acts.edit/act_id/incident_id     GET    set-up  sign-in   waiting 403        404      200        200
acts.edit/act_id/incident_id     POST   set-up  sign-in   waiting 403        404      422        422
acts.remove/act_id/incident_id   POST   set-up  sign-in   waiting 403        404      302        404

attachments.add/case_id                      POST set-up  sign-in   waiting 403        404      422        422
attachments.cleaned/attachment_id/case_id    GET  set-up  sign-in   waiting 403        404      200        200
attachments.index/case_id                    GET  set-up  sign-in   waiting 403        404      200        200
attachments.original/attachment_id/case_id   POST set-up  sign-in   waiting 403        404      200        200
attachments.preview/attachment_id/case_id    GET  set-up  sign-in   waiting 403        404      200        200
attachments.remove/attachment_id/case_id     POST set-up  sign-in   waiting 403        404      302        404
attachments.restore/attachment_id/case_id    POST set-up  sign-in   waiting 403        404      404        404
attachments.show/attachment_id/case_id       GET  set-up  sign-in   waiting 403        404      200        200
attachments.show/attachment_id/case_id       POST set-up  sign-in   waiting 403        404      302        302

audit.accept                     POST   set-up  sign-in   waiting 403        403      403        302
audit.begin_verifying            POST   set-up  sign-in   waiting 403        403      403        302
audit.expire                     POST   set-up  sign-in   waiting 403        403      403        409
audit.hold                       POST   set-up  sign-in   waiting 403        403      403        302
audit.index                      GET    set-up  sign-in   waiting 403        403      403        200
audit.index                      POST   set-up  sign-in   waiting 403        403      403        302
audit.keeping                    GET    set-up  sign-in   waiting 403        403      403        200
audit.release                    POST   set-up  sign-in   waiting 403        403      403        302
audit.verify                     GET    set-up  sign-in   waiting 403        403      403        200

auth.choose_language             POST   home    home      home    home       home     home       home
auth.continue_as                 POST   set-up  404       404     404        404      404        404
auth.enter_code                  GET    set-up  sign-in   sign-in sign-in    sign-in  sign-in    sign-in
auth.enter_code                  POST   set-up  sign-in   sign-in sign-in    sign-in  sign-in    sign-in
auth.leave_demonstration         POST   set-up  404       404     404        404      404        404
auth.lock                        POST   set-up  sign-in   unlock  unlock     unlock   unlock     unlock
auth.sign_in                     GET    set-up  200       home    home       home     home       home
auth.sign_in                     POST   set-up  400       400     400        400      400        400
auth.sign_out                    POST   set-up  sign-in   sign-in sign-in    sign-in  sign-in    sign-in
auth.start_afresh                POST   set-up  403       403     403        403      403        403
auth.unlock                      GET    set-up  sign-in   sign-in sign-in    sign-in  sign-in    sign-in
auth.unlock                      POST   set-up  sign-in   sign-in sign-in    sign-in  sign-in    sign-in
auth.wait                        GET    set-up  sign-in   200     home       home     home       home

backups.download/backup_id       GET    set-up  sign-in   waiting 403        403      403        200
backups.download/backup_id       POST   set-up  sign-in   waiting 403        403      403        400
backups.index                    GET    set-up  sign-in   waiting 403        403      403        200
backups.make                     POST   set-up  sign-in   waiting 403        403      403        302
backups.verify                   POST   set-up  sign-in   waiting 403        403      403        302

bin.index                        GET    set-up  sign-in   waiting 403        200      200        200
bin.put/case_id                  POST   set-up  sign-in   waiting 403        404      409        409
bin.restore/case_id              POST   set-up  sign-in   waiting 403        404      404        404

bundles.bin/bundle_id            GET    set-up  sign-in   waiting 403        404      200        404
bundles.bin/bundle_id            POST   set-up  sign-in   waiting 403        404      200        404
bundles.choose                   POST   set-up  sign-in   waiting 403        302      302        302
bundles.consent/bundle_id        GET    set-up  sign-in   waiting 403        404      200        404
bundles.consent/bundle_id        POST   set-up  sign-in   waiting 403        404      422        404
bundles.hand_over/bundle_id      GET    set-up  sign-in   waiting 403        404      200        404
bundles.hand_over/bundle_id      POST   set-up  sign-in   waiting 403        404      422        404
bundles.show/bundle_id           GET    set-up  sign-in   waiting 403        404      200        404
bundles.tag/bundle_id            GET    set-up  sign-in   waiting 403        404      200        404
bundles.tag/bundle_id            POST   set-up  sign-in   waiting 403        404      422        404
bundles.undo/bundle_id           POST   set-up  sign-in   waiting 403        404      302        404

casefile.export/case_id          GET    set-up  sign-in   waiting 403        404      200        200
casefile.export/case_id          POST   set-up  sign-in   waiting 403        404      422        422

cases.access/case_id             GET    set-up  sign-in   waiting 403        404      200        200
cases.access/case_id             POST   set-up  sign-in   waiting 403        404      409        409
cases.add_person/case_id         GET    set-up  sign-in   waiting 403        404      200        200
cases.add_person/case_id         POST   set-up  sign-in   waiting 403        404      422        422
cases.hand_over/case_id          GET    set-up  sign-in   waiting 403        404      200        200
cases.hand_over/case_id          POST   set-up  sign-in   waiting 403        404      422        422
cases.hold/case_id               POST   set-up  sign-in   waiting 403        403      403        409
cases.index                      GET    set-up  sign-in   waiting 403        200      200        200
cases.index                      POST   set-up  sign-in   waiting 403        302      302        302
cases.person/case_id/person_id   GET    set-up  sign-in   waiting 403        404      200        200
cases.person/case_id/person_id   POST   set-up  sign-in   waiting 403        404      409        409
cases.show/case_id               GET    set-up  sign-in   waiting 403        404      200        200

closing.close/case_id            GET    set-up  sign-in   waiting 403        404      200        200
closing.close/case_id            POST   set-up  sign-in   waiting 403        404      409        409
closing.reopen/case_id           POST   set-up  sign-in   waiting 403        404      409        409

drafts.discard/draft_id          POST   set-up  sign-in   waiting 404        404      home       404
drafts.keep                      POST   set-up  sign-in   waiting 404        404      404        404
drafts.resume/draft_id           GET    set-up  sign-in   waiting 404        404      302        404

duplicates.decide                POST   set-up  sign-in   waiting 403        404      404        404
duplicates.index                 GET    set-up  sign-in   waiting 403        200      200        200

erasures.erase/case_id           GET    set-up  sign-in   waiting 403        403      403        404
erasures.erase/case_id           POST   set-up  sign-in   waiting 403        403      403        404
erasures.index                   GET    set-up  sign-in   waiting 403        403      403        200
erasures.receipt/erasure_id      GET    set-up  sign-in   waiting 403        403      403        200

explore.behind                   GET    set-up  sign-in   waiting 403        200      200        200
explore.index                    GET    set-up  sign-in   waiting 403        200      200        200
explore.pathway                  GET    set-up  sign-in   waiting 403        200      200        200
explore.sheet                    GET    set-up  sign-in   waiting 403        200      200        200
explore.sheet                    POST   set-up  sign-in   waiting 403        422      422        422

followups.add/case_id            GET    set-up  sign-in   waiting 403        404      200        200
followups.add/case_id            POST   set-up  sign-in   waiting 403        404      422        422
followups.delete/case_id/follow_up_id POST set-up sign-in waiting 403        404      302        404
followups.detain/case_id         GET    set-up  sign-in   waiting 403        404      200        200
followups.detain/case_id         POST   set-up  sign-in   waiting 403        404      302        302
followups.edit/case_id/follow_up_id GET set-up  sign-in   waiting 403        404      200        200
followups.edit/case_id/follow_up_id POST set-up sign-in   waiting 403        404      409        409
followups.release/case_id/detention_id GET set-up sign-in waiting 403        404      200        200
followups.release/case_id/detention_id POST set-up sign-in waiting 403       404      302        302
followups.review/case_id/detention_id GET set-up sign-in  waiting 403        404      200        200
followups.review/case_id/detention_id POST set-up sign-in waiting 403        404      422        422
followups.tick/case_id/follow_up_id POST set-up sign-in   waiting 403        404      302        302

history.show/case_id             GET    set-up  sign-in   waiting 403        404      200        200

health.alive                     GET    200     200       200     200        200      200        200
health.ready                     GET    200     200       200     200        200      200        200

home.today                       GET    set-up  sign-in   waiting statistics 200      200        200

importing.answers/upload_id      GET    set-up  sign-in   waiting 403        403      403        200
importing.answers/upload_id      POST   set-up  sign-in   waiting 403        403      403        302
importing.check/upload_id        GET    set-up  sign-in   waiting 403        403      403        200
importing.columns/upload_id      GET    set-up  sign-in   waiting 403        403      403        200
importing.columns/upload_id      POST   set-up  sign-in   waiting 403        403      403        302
importing.discard/upload_id      POST   set-up  sign-in   waiting 403        403      403        302
importing.forget/mapping_id      POST   set-up  sign-in   waiting 403        403      403        302
importing.index                  GET    set-up  sign-in   waiting 403        403      403        200
importing.refused/upload_id      GET    set-up  sign-in   waiting 403        403      403        200
importing.remember/upload_id     POST   set-up  sign-in   waiting 403        403      403        302
importing.sheet/upload_id        POST   set-up  sign-in   waiting 403        403      403        404
importing.take                   POST   set-up  sign-in   waiting 403        403      403        422

imports.begin/upload_id          POST   set-up  sign-in   waiting 403        403      403        302
imports.show/batch_id            GET    set-up  sign-in   waiting 403        403      403        200
imports.undo/batch_id            GET    set-up  sign-in   waiting 403        403      403        200
imports.undo/batch_id            POST   set-up  sign-in   waiting 403        403      403        302

incidents.edit/incident_id       GET    set-up  sign-in   waiting 403        404      200        200
incidents.edit/incident_id       POST   set-up  sign-in   waiting 403        404      422        422
incidents.index                  GET    set-up  sign-in   waiting 403        200      200        200
incidents.index                  POST   set-up  sign-in   waiting 403        302      302        302
incidents.log                    GET    set-up  sign-in   waiting 403        302      302        302
incidents.log                    POST   set-up  sign-in   waiting 403        422      422        422
incidents.log/case_id            GET    set-up  sign-in   waiting 403        404      302        302
incidents.log/case_id            POST   set-up  sign-in   waiting 403        404      422        422
incidents.tag                    POST   set-up  sign-in   waiting 403        302      302        302

leaving.invite/member_id         GET    set-up  sign-in   waiting 403        403      403        200
leaving.invite/member_id         POST   set-up  sign-in   waiting 403        403      403        422
leaving.revoke/member_id         GET    set-up  sign-in   waiting 403        403      403        200
leaving.revoke/member_id         POST   set-up  sign-in   waiting 403        403      403        422

members.admit/invitation_id      GET    set-up  sign-in   waiting 403        403      403        200
members.admit/invitation_id      POST   set-up  sign-in   waiting 403        403      403        422
members.another_passphrase/link  POST   set-up  302       302     302        302      302        302
members.index                    GET    set-up  sign-in   waiting 403        403      403        200
members.invite                   GET    set-up  sign-in   waiting 403        403      403        200
members.invite                   POST   set-up  sign-in   waiting 403        403      403        400
members.join/link                GET    set-up  200       200     200        200      200        200
members.join/link                POST   set-up  400       400     400        400      400        400
members.withdraw/invitation_id   POST   set-up  sign-in   waiting 403        403      403        302
merging.choose/case_id/person_id GET    set-up  sign-in   waiting 403        404      200        200
merging.choose/case_id/person_id POST   set-up  sign-in   waiting 403        404      422        422
merging.compare/other_person_id/person_id GET set-up sign-in waiting 403 404 200 200
merging.compare/other_person_id/person_id POST set-up sign-in waiting 403 404 422 422
merging.undo/case_id/person_id   POST   set-up  sign-in   waiting 403        404      404        404

official.charts                  GET    set-up  sign-in   waiting 200        200      200        200
official.edit/count_id           GET    set-up  sign-in   waiting 403        403      403        200
official.edit/count_id           POST   set-up  sign-in   waiting 403        403      403        422
official.index                   GET    set-up  sign-in   waiting 200        200      200        200
officiallists.ask                GET    set-up  sign-in   waiting 403        403      403        200
officiallists.bring              POST   set-up  sign-in   waiting 403        403      403        422
officiallists.take               POST   set-up  sign-in   waiting 403        403      403        422
officiallists.undo/batch_id      POST   set-up  sign-in   waiting 403        403      403        404
official.new                     GET    set-up  sign-in   waiting 403        403      403        200
official.new                     POST   set-up  sign-in   waiting 403        403      403        422
official.retire/count_id         POST   set-up  sign-in   waiting 403        403      403        409
ownterms.add                     GET    set-up  sign-in   waiting 403        403      403        200
ownterms.add                     POST   set-up  sign-in   waiting 403        403      403        422
ownterms.edit/term_id            GET    set-up  sign-in   waiting 403        403      403        200
ownterms.edit/term_id            POST   set-up  sign-in   waiting 403        403      403        409
ownterms.index                   GET    set-up  sign-in   waiting 403        403      403        200
ownterms.merge/term_id           GET    set-up  sign-in   waiting 403        403      403        200
ownterms.merge/term_id           POST   set-up  sign-in   waiting 403        403      403        422
ownterms.retire/term_id          POST   set-up  sign-in   waiting 403        403      403        409

patterns.define                  GET    set-up  sign-in   waiting 403        403      403        200
patterns.define                  POST   set-up  sign-in   waiting 403        403      403        422
patterns.count_rule              POST   set-up  sign-in   waiting 403        403      403        200
patterns.edit/pattern_id         GET    set-up  sign-in   waiting 403        403      403        200
patterns.edit/pattern_id         POST   set-up  sign-in   waiting 403        403      403        422
patterns.index                   GET    set-up  sign-in   waiting 403        200      200        200
patterns.merge/pattern_id        GET    set-up  sign-in   waiting 403        403      403        200
patterns.merge/pattern_id        POST   set-up  sign-in   waiting 403        403      403        422
patterns.retire/pattern_id       POST   set-up  sign-in   waiting 403        403      403        409

policies.add                     GET    set-up  sign-in   waiting 403        403      403        200
policies.add                     POST   set-up  sign-in   waiting 403        403      403        422
policies.edit/event_id           GET    set-up  sign-in   waiting 403        403      403        200
policies.edit/event_id           POST   set-up  sign-in   waiting 403        403      403        422
policies.index                   GET    set-up  sign-in   waiting 403        200      200        200
policies.retire/event_id         POST   set-up  sign-in   waiting 403        403      403        409
policies.show/event_id           GET    set-up  sign-in   waiting 403        200      200        200

portability.another_passphrase   POST   set-up  sign-in   waiting 403        302      302        302
portability.export               GET    set-up  sign-in   waiting 403        200      200        200
portability.export               POST   set-up  sign-in   waiting 403        400      400        400

recovery.drill                   GET    set-up  sign-in   waiting 403        403      403        200
recovery.drill                   POST   set-up  sign-in   waiting 403        403      403        400
recovery.earlier                 GET    set-up  sign-in   waiting 403        403      403        200
recovery.earlier                 POST   set-up  sign-in   waiting 403        403      403        400
recovery.forget_drill            POST   set-up  sign-in   waiting 403        403      403        302
recovery.show                    GET    set-up  sign-in   waiting 403        403      403        200

second_factor.enrol              GET    set-up  sign-in   waiting 200        200      200        200
second_factor.enrol              POST   set-up  sign-in   waiting 400        400      400        400
second_factor.renew_codes        GET    set-up  sign-in   waiting 302        302      302        302
second_factor.renew_codes        POST   set-up  sign-in   waiting 302        302      302        302
second_factor.show               GET    set-up  sign-in   waiting 200        200      200        200
second_factor.turn_off           GET    set-up  sign-in   waiting 302        302      302        302
second_factor.turn_off           POST   set-up  sign-in   waiting 302        302      302        302

server.show                      GET    set-up  sign-in   waiting 403        403      403        200

sessions.end/session_id          POST   set-up  sign-in   waiting 404        404      302        404
sessions.end_of_member/member_id POST   set-up  sign-in   waiting 403        403      403        302
sessions.end_others              POST   set-up  sign-in   waiting 302        302      302        302
sessions.index                   GET    set-up  sign-in   waiting 200        200      200        200

publications.ask                 GET    set-up  sign-in   waiting 200        403      403        200
publications.check               POST   set-up  sign-in   waiting 422        403      403        422
publications.download/name/release_id GET set-up sign-in  waiting 404        403      403        404
releases.accept_ledger           POST   set-up  sign-in   waiting 403        403      403        302
releases.approve/release_id      POST   set-up  sign-in   waiting 403        403      403        409
releases.coarsen/release_id      POST   set-up  sign-in   waiting 409        403      403        409
releases.discard/release_id      POST   set-up  sign-in   waiting 409        403      403        409
releases.edit/release_id         GET    set-up  sign-in   waiting 200        403      403        200
releases.edit/release_id         POST   set-up  sign-in   waiting 422        403      403        422
releases.give_back/release_id    POST   set-up  sign-in   waiting 403        403      403        409
releases.index                   GET    set-up  sign-in   waiting 200        403      403        200
releases.new                     GET    set-up  sign-in   waiting 200        403      403        200
releases.new                     POST   set-up  sign-in   waiting 422        403      403        422
releases.preview/release_id      POST   set-up  sign-in   waiting 302        403      403        302
releases.pull_back/release_id    POST   set-up  sign-in   waiting 409        403      403        409
releases.show/release_id         GET    set-up  sign-in   waiting 200        403      403        200
releases.stop/release_id         POST   set-up  sign-in   waiting 302        403      403        302
releases.submit/release_id       POST   set-up  sign-in   waiting 409        403      403        409
releases.withdraw/release_id     POST   set-up  sign-in   waiting 403        403      403        409

renewal.begin                    GET    set-up  sign-in   waiting 403        403      403        200
renewal.begin                    POST   set-up  sign-in   waiting 403        403      403        400
renewal.check_share              GET    set-up  sign-in   waiting 403        403      403        302
renewal.check_share              POST   set-up  sign-in   waiting 403        403      403        302
renewal.earlier                  GET    set-up  sign-in   waiting 403        403      403        302
renewal.earlier                  POST   set-up  sign-in   waiting 403        403      403        302
renewal.finish                   GET    set-up  sign-in   waiting 403        403      403        302
renewal.finish                   POST   set-up  sign-in   waiting 403        403      403        302
renewal.share                    GET    set-up  sign-in   waiting 403        403      403        302
renewal.stop                     POST   set-up  sign-in   waiting 403        403      403        302

restricting.grant/case_id        POST   set-up  sign-in   waiting 403        404      404        404
restricting.withdraw/case_id     POST   set-up  sign-in   waiting 403        404      404        404

seal.show                        GET    set-up  sign-in   waiting 403        403      403        200
seal.show                        POST   set-up  sign-in   waiting 403        403      403        400

retention.rules                  GET    set-up  sign-in   waiting 403        403      403        200
retention.rules                  POST   set-up  sign-in   waiting 403        403      403        422

reviewing.decide                 POST   set-up  sign-in   waiting 403        302      302        302
reviewing.show                   GET    set-up  sign-in   waiting 403        200      200        200

setup.another_passphrase         POST   set-up  409       home    home       home     home       home
setup.begin                      GET    200     409       home    home       home     home       home
setup.check_share                GET    set-up  409       home    home       home     home       home
setup.check_share                POST   set-up  409       home    home       home     home       home
setup.demonstration              POST   home    409       home    home       home     home       home
setup.finish                     GET    set-up  409       home    home       home     home       home
setup.finish                     POST   set-up  409       home    home       home     home       home
setup.organization               GET    200     409       home    home       home     home       home
setup.organization               POST   400     409       home    home       home     home       home
setup.passphrase                 GET    set-up  409       home    home       home     home       home
setup.passphrase                 POST   set-up  409       home    home       home     home       home
setup.share                      GET    set-up  409       home    home       home     home       home
setup.shares                     GET    set-up  409       home    home       home     home       home
setup.shares                     POST   set-up  409       home    home       home     home       home

static/filename                  GET    200     200       200     200        200      200        200

sheets.cases                     GET    set-up  sign-in   waiting 403        200      200        200
sheets.cases                     POST   set-up  sign-in   waiting 403        422      422        422
sheets.incidents                 GET    set-up  sign-in   waiting 403        200      200        200
sheets.incidents                 POST   set-up  sign-in   waiting 403        422      422        422

signals.dismiss                  POST   set-up  sign-in   waiting 403        403      403        422
signals.index                    GET    set-up  sign-in   waiting 403        200      200        200
signals.restore/dismissal_id     POST   set-up  sign-in   waiting 403        403      403        302
statistics.ask                   POST   set-up  sign-in   waiting 422        403      403        422
statistics.index                 GET    set-up  sign-in   waiting 200        403      403        200
statistics.make_release          POST   set-up  sign-in   waiting statistics 403      403        statistics
statistics.stop                  POST   set-up  sign-in   waiting statistics 403      403        statistics

stories.approve/case_id/story_id POST   set-up  sign-in   waiting 403        403      403        409
stories.discard/case_id/story_id POST   set-up  sign-in   waiting 403        404      409        409
stories.edit/case_id/story_id    GET    set-up  sign-in   waiting 403        404      200        200
stories.edit/case_id/story_id    POST   set-up  sign-in   waiting 403        404      409        409
stories.give_back/case_id/story_id POST set-up  sign-in   waiting 403        403      403        409
stories.new/case_id              GET    set-up  sign-in   waiting 403        404      200        200
stories.new/case_id              POST   set-up  sign-in   waiting 403        404      302        302
stories.pull_back/case_id/story_id POST set-up  sign-in   waiting 403        404      409        409
stories.show/case_id/story_id    GET    set-up  sign-in   waiting 403        404      200        200
stories.submit/case_id/story_id  POST   set-up  sign-in   waiting 403        404      409        409

storybook.download/name/story_id GET    set-up  sign-in   waiting 404        403      403        404
storybook.index                  GET    set-up  sign-in   waiting 200        403      403        200
storybook.show/story_id          GET    set-up  sign-in   waiting 404        403      403        404
storybook.withdraw/story_id      POST   set-up  sign-in   waiting 403        403      403        404

stranded.log_anew/draft_id       POST   set-up  sign-in   waiting 403        404      302        404
stranded.show/draft_id           GET    set-up  sign-in   waiting 403        404      302        404

unaccompanied.index              GET    set-up  sign-in   waiting 403        403      403        200
unaccompanied.index              POST   set-up  sign-in   waiting 403        403      403        422

views.edit/view_id               GET    set-up  sign-in   waiting 403        404      200        404
views.edit/view_id               POST   set-up  sign-in   waiting 403        404      422        404
views.keep                       POST   set-up  sign-in   waiting 403        422      422        422
views.remove/view_id             POST   set-up  sign-in   waiting 403        404      302        404
views.restore/view_id            POST   set-up  sign-in   waiting 403        404      404        404
views.show/view_id               GET    set-up  sign-in   waiting 403        404      200        404
"""


def rows() -> list[Row]:
    """Return the table."""
    lines = [line.split() for line in ROWS.strip().splitlines()[1:] if line]
    return [Row(*line) for line in lines]
