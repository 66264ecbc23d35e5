"""Runs a server of S3 that checks signatures until its input ends: s3_server.py.

Prints, one a line, its address, the id of a key that may do everything, its secret, and the name of a bucket.
"""

import os
import sys

SETTING_UP = 3  # requests that nobody has to sign; from then on all are checked
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(SETTING_UP)

import boto3  # noqa: E402, since moto reads the variable when it is imported
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402

ALL = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
USER = "tester"
BUCKET = "vinery"


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())

    def connect(service, key="none", secret="none"):
        return boto3.client(
            service,
            endpoint_url=address,
            region_name="us-east-1",
            aws_access_key_id=key,
            aws_secret_access_key=secret,
        )

    iam = connect("iam")
    iam.create_user(UserName=USER)
    iam.put_user_policy(UserName=USER, PolicyName="all", PolicyDocument=ALL)
    pair = iam.create_access_key(UserName=USER)["AccessKey"]
    key, secret = pair["AccessKeyId"], pair["SecretAccessKey"]
    connect("s3", key, secret).create_bucket(Bucket=BUCKET)
    print(address, key, secret, BUCKET, sep="\n", flush=True)
    sys.stdin.read()
    server.stop()


main()
