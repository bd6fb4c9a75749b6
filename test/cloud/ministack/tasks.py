"""ECS tasks on Fargate, in podman's containers on this machine's own network."""

import json
import threading
import time

from ministack.core.concurrency import resource_lock
from ministack.core.lambda_runtime import execution_credentials
from ministack.core.responses import error_response_json, get_account_id, get_region, json_response, request_scope
from ministack.services import ecr, ecs, eventbridge, iam, sts

import faults

_tokens = {}
_settings, _metadata, _run_container = ecs._build_run_kwargs, ecs._register_metadata, ecs._run_docker_container
_run_task, _mark_stopped = ecs._run_task, ecs._mark_task_stopped


def mend():
    ecs._build_run_kwargs, ecs._register_metadata = _container_settings, _register_metadata
    ecs._run_docker_container, ecs._remove_docker_container = _run_local_image, _remove_container
    ecs._ACTION_MAP.update(RunTask=_run_task_as_fargate, StopTask=_stop_task)
    ecs._mark_task_stopped = _mark_stopped_in_words
    for name in ("_mark_task_pending", "_mark_task_running", "_mark_task_stopped"):
        setattr(ecs, name, _announcing(getattr(ecs, name)))


def _container_settings(definition, task_definition, environment, ports, network, is_host, *rest):
    """A task of awsvpc has an address of its own (Amazon ECS Developer Guide, "Task networking for Fargate"); podman's
    bridge cannot reach this machine, so all share the host's."""
    settings = _settings(definition, task_definition, environment, None, None, True, *rest)
    # Fields of a container definition that MiniStack drops (API Reference, ContainerDefinition).
    for field, option in (("entryPoint", "entrypoint"), ("user", "user"), ("workingDirectory", "working_dir")):
        if definition.get(field):
            settings[option] = definition[field]
    settings["read_only"] = definition.get("readonlyRootFilesystem") in (True, "true")
    # A volume without a source is an empty folder of root's, mode 0755 (ECS Developer Guide, "Use bind mounts").
    # CloudFormation writes Name what the API writes name.
    volumes = [{key.lower(): value for key, value in volume.items()} for volume in task_definition.get("volumes", [])]
    sources = {volume.get("name") for volume in volumes if not volume.get("host")}
    mounts = [mount for mount in definition.get("mountPoints", []) if mount["sourceVolume"] in sources]
    settings["tmpfs"] = {mount["containerPath"]: "mode=0755" for mount in mounts}
    # The image is of this machine's architecture, whatever the task definition says.
    settings.pop("platform", None)
    return settings


def _register_metadata(task_arn, cluster_arn, task_definition, definition, launch_type, environment, is_host, address):
    """The variables that Fargate sets, and the task role's credentials as a session named by the task's id (ECS
    Developer Guide, "Amazon ECS task IAM role")."""
    token = _metadata(task_arn, cluster_arn, task_definition, definition, launch_type, environment, True, address)
    for name in ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"):
        environment.pop(name, None)
    environment.setdefault("AWS_REGION", get_region())
    role, task_id = task_definition.get("taskRoleArn", ""), task_arn.rsplit("/", 1)[-1]
    arn = f"arn:aws:lambda:{get_region()}:{get_account_id()}:function:{task_id}"
    credentials = execution_credentials({"Role": role, "FunctionArn": arn, "FunctionName": task_id})
    session = sts._sessions.get(credentials["AWS_ACCESS_KEY_ID"])
    record = iam._roles.get(role.rsplit("/", 1)[-1])
    if session and record:
        # IAM User Guide, "IAM identifiers": aws:userid of a role's session is role id:session name.
        session["UserId"] = f"{record['RoleId']}:{task_id}"
    environment.update({name: value for name, value in credentials.items() if value})
    return token


def _run_local_image(docker, definition, settings, **options):
    image = _local_image(definition["image"])
    declared = docker.images.get(image).attrs["Config"].get("Volumes") or {}
    # What the image declares as a volume keeps its content, owner and mode (the same page, "Dockerfile").
    kept = [path for path in settings["tmpfs"] if path in declared]
    settings["volumes"] = settings.get("volumes", []) + kept
    settings["tmpfs"] = {path: mode for path, mode in settings["tmpfs"].items() if path not in declared}
    return _run_container(docker, {**definition, "image": image}, settings, **options)


def _local_image(reference):
    """An image of a repository here is a manifest that names an image of this machine."""
    uri, _, tag = reference.rpartition(":")
    repository = next((name for name, it in ecr._repositories.items() if it["repositoryUri"] == uri), None)
    if repository is None:
        return reference
    for image in ecr._images[repository]:
        if tag in image.get("imageTags", []):
            return json.loads(image["imageManifest"])["localImage"]
    # ECS Developer Guide, "CannotPullContainer task errors in Amazon ECS".
    raise ecs._ImagePullError(f"pull image manifest has been retried 1 time(s): failed to resolve ref {reference}: not found")


def _run_task_as_fargate(data):
    count = data.get("count", 1)
    if count > 10:  # API Reference, RunTask: count
        return error_response_json("InvalidParameterException", "count should be between 1 and 10.", 400)
    fault = faults.take("capacity", "RunTask", data)
    if fault:  # ECS Developer Guide, "API failure reasons"
        return json_response({"tasks": [], "failures": [{"reason": fault["errorMessage"]}]})
    # The same client token gives the same tasks (API Reference, "Ensuring idempotency").
    token = (get_account_id(), get_region(), data.get("cluster", "default"), data.get("clientToken"))
    if data.get("clientToken"):
        with resource_lock("run-task", str(token)):
            return _run_once(token, data)
    return _started(_run_task(data), data)


def _run_once(token, data):
    request = json.dumps(data, sort_keys=True)
    if token not in _tokens:
        status, headers, body = _started(_run_task(data), data)
        tasks = json.loads(body).get("tasks", [])
        if status == 200 and tasks:
            _tokens[token] = (request, [task["taskArn"] for task in tasks])
        return status, headers, body
    earlier, arns = _tokens[token]
    if earlier != request:
        return error_response_json("ConflictException", "The client token was used with other parameters.", 409)
    return json_response({"tasks": [ecs._sanitize(ecs._tasks[arn]) for arn in arns], "failures": []})


def _started(answer, data):
    """Records the size that the overrides ask for (API Reference, TaskOverride)."""
    status, headers, body = answer
    if status != 200:
        return answer
    content = json.loads(body)
    for started in content["tasks"]:
        for field in ("cpu", "memory"):
            if field in data.get("overrides", {}):
                ecs._tasks[started["taskArn"]][field] = started[field] = data["overrides"][field]
    return json_response(content)


def _stop_task(data):
    """StopTask answers at once; the container gets SIGTERM, and SIGKILL after its stopTimeout (API Reference, StopTask)."""
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    task = ecs._resolve_task(data.get("task", ""), cluster) if cluster else None
    if task is None:
        return ecs._stop_task(data)
    with resource_lock("ecs-task", task["taskArn"]):
        is_first = ecs._task_is_active(task["taskArn"], task)
        if is_first:
            task.update(desiredStatus="STOPPED", stoppingAt=ecs._iso(), stopCode="UserInitiated")
            task["stoppedReason"] = data.get("reason", "Task stopped by user")
            ecs._bump_task_version(task)
    if is_first:
        _announce(task)
        scope = (get_account_id(), get_region())
        threading.Thread(target=_end_containers, args=(task, scope), daemon=True).start()
    return json_response({"task": ecs._sanitize(task)})


def _end_containers(task, scope):
    with request_scope(*scope):
        definition = ecs._task_defs.get(ecs._resolve_td_key(task["taskDefinitionArn"])) or {}
        docker = ecs._get_docker()
        containers = zip(task["containers"], definition.get("containerDefinitions", []), list(task["_docker_ids"]))
        for record, settings, container_id in containers:
            try:
                container = docker.containers.get(container_id)
                container.stop(timeout=int(settings.get("stopTimeout") or 30))
                record["exitCode"] = container.wait()["StatusCode"]
            except Exception as error:  # the container went by itself
                print(f"stopping {container_id}: {error!r}", flush=True)
        with resource_lock("ecs-task", task["taskArn"]):
            task["desiredStatus"] = "RUNNING"  # else the next call takes the task for one that has ended
        ecs._mark_task_stopped(task["taskArn"], task, task["stoppedReason"], "UserInitiated")
        time.sleep(0.6)  # its last log lines are on their way
        ecs._cleanup_task_resources(task, docker)


def _remove_container(docker, container):
    if docker is None or container is None:
        return
    try:
        found = docker.containers.get(container) if isinstance(container, str) else container
        found.remove(v=True, force=True)
    except Exception as error:
        print(f"removing {container}: {error!r}", flush=True)


def _mark_stopped_in_words(task_arn, task, reason, stop_code, exit_code=None):
    # ECS Developer Guide, "Stopped tasks error messages".
    words = "Essential container in task exited" if stop_code == "EssentialContainerExited" else reason
    return _mark_stopped(task_arn, task, words, stop_code, exit_code)


def _announcing(mark):
    def run(task_arn, task, *rest, **options):
        is_changed = mark(task_arn, task, *rest, **options)
        if is_changed:
            _announce(task)
        return is_changed

    return run


def _announce(task):
    """Each change of a task is an event (ECS Developer Guide, "Amazon ECS task state change events")."""
    if faults.take("event", f"task {task['lastStatus']}", task):
        return
    entry = {
        "Source": "aws.ecs",
        "DetailType": "ECS Task State Change",
        "Detail": json.dumps(ecs._sanitize(task), default=str),
        "Resources": [task["taskArn"]],
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
