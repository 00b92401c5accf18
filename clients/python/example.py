"""Lists study visits and signs somebody up for the first that is open.

    example.py ORGANIZATION NAME EMAIL
"""
import os
import sys
import uuid

import grpc
import retry
from lagnet.visits.v1 import sign_ups_pb2, sign_ups_pb2_grpc
from lagnet.visits.v1 import study_visits_pb2, study_visits_pb2_grpc

organization, name, email = sys.argv[1:]
channel = grpc.insecure_channel(
    os.environ.get("LAGNET_SERVER", "127.0.0.1:7300"), options=retry.OPTIONS)
with open(os.environ["LAGNET_KEY_FILE"]) as file:
    call = dict(timeout=30, metadata=[("authorization", "Bearer " + file.read().strip())])

visits = study_visits_pb2_grpc.StudyVisitServiceStub(channel).ListStudyVisits(
    study_visits_pb2.ListStudyVisitsRequest(), **call).study_visits
for visit in visits:
    print(visit.name, visit.start, f"{visit.confirmed_count} of {visit.seats} seats")

SignUp = sign_ups_pb2.SignUp
sign_up = sign_ups_pb2_grpc.SignUpServiceStub(channel).CreateSignUp(
    sign_ups_pb2.CreateSignUpRequest(
        parent=next(visit.name for visit in visits if visit.sign_up_open),
        sign_up=SignUp(organization=organization, standing=SignUp.REPRESENTATIVE,
                       sector=SignUp.CIVIC,
                       members=[SignUp.Member(full_name=name, email=email)]),
        request_id=str(uuid.uuid4())), **call)
print(SignUp.State.Name(sign_up.state), sign_up.name)
