"""What policies are asked about a request when roles are enforced."""

import dataclasses
import json

import ministack.app as app
from ministack.core import iam_actions, iam_evaluator, responses


def mend():
    app.pin_request_origin = _as_secure(app.pin_request_origin)
    iam_actions.extract_resource_arn = _with_ecs_resources(iam_actions.extract_resource_arn)
    iam_actions.request_tag_context = _with_ecs_cluster(iam_actions.request_tag_context)
    iam_actions.dynamodb_service_context = _with_leading_keys(iam_actions.dynamodb_service_context)
    iam_evaluator._first_match = _with_variables(iam_evaluator._first_match)


def _as_secure(pin):
    # The emulator speaks plain HTTP, AWS' endpoints TLS (IAM User Guide, "AWS global condition context keys").
    return lambda source_ip, secure_transport: pin(source_ip, True)


def _with_ecs_resources(extract):
    # Each action has the resource of its own kind, not the cluster (Service Authorization Reference, Amazon ECS).
    def extract_resource(service, method, path, headers, body, params, region, account):
        if service == "ecs":
            asked = _json(body)
            prefix = f"arn:aws:ecs:{region}:{account}:"
            action = {key.lower(): value for key, value in headers.items()}.get("x-amz-target", "").split(".")[-1]
            if action == "RunTask":
                return _arn(f"{prefix}task-definition/", asked.get("taskDefinition", ""))
            if action in ("DescribeTasks", "StopTask"):
                task = asked.get("task") or (asked.get("tasks") or [""])[0]
                return _arn(f"{prefix}task/{_name(asked.get('cluster', 'default'))}/", task)
            if action == "ListTasks":
                return "*"
        return extract(service, method, path, headers, body, params, region, account)

    return extract_resource


def _with_ecs_cluster(context):
    # The same page: the condition key of the cluster that a request names.
    def with_cluster(service, action, body, params):
        keys = context(service, action, body, params)
        cluster = _json(body).get("cluster") if service == "ecs" else None
        if cluster is None:
            return keys
        arn = f"arn:aws:ecs:{responses.get_region()}:{responses.get_account_id()}:cluster/{_name(cluster)}"
        return {**keys, "ecs:cluster": arn}

    return with_cluster


def _with_leading_keys(context):
    # The partition keys that a request names (DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained
    # access control"); the stack's table calls them pk.
    def with_leading_keys(body):
        asked = _json(body)
        key = (asked.get("Key") or asked.get("Item") or {}).get("pk", {}).get("S")
        return {**context(body), **({} if key is None else {"dynamodb:LeadingKeys": [key]})}

    return with_leading_keys


def _with_variables(first_match):
    # A policy may name the caller (IAM User Guide, "IAM policy elements: Variables and tags").
    def match(ctx, statements, effect):
        caller = ctx.principal_keys.get("aws:userid") or ""
        return first_match(ctx, [_filled(statement, caller) for statement in statements], effect)

    return match


def _filled(statement, caller):
    return dataclasses.replace(
        statement, resources=_fill(statement.resources, caller), conditions=_fill(statement.conditions, caller)
    )


def _fill(value, caller):
    if isinstance(value, str):
        return value.replace("${aws:userid}", caller)
    if isinstance(value, list):
        return [_fill(part, caller) for part in value]
    if isinstance(value, dict):
        return {key: _fill(part, caller) for key, part in value.items()}
    return value


def _json(body):
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _arn(prefix, name):
    return name if name.startswith("arn:") else f"{prefix}{name}"


def _name(cluster):
    return cluster.rsplit("/", 1)[-1]
