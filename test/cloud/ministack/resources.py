"""CloudFormation's resource types that MiniStack does not know."""

import json

from ministack.services import cognito, ecs
from ministack.services.cloudformation import provisioners

# Made as records only: no test uses what they would do (CloudFormation Template Reference, each type's page).
_RECORDS = (
    "AWS::CodePipeline::Pipeline",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
)


def mend():
    handlers = provisioners._RESOURCE_HANDLERS
    for kind in _RECORDS:
        handlers.setdefault(kind, {"create": _recorded(kind), "delete": _nothing})
    handlers.setdefault("AWS::ECS::ClusterCapacityProviderAssociations", {"create": _associate, "delete": _nothing})
    handlers.setdefault("AWS::Cognito::UserPoolUser", {"create": _make_user, "delete": _delete_user})
    handlers.setdefault("AWS::Cognito::UserPoolUserToGroupAttachment", {"create": _join_group, "delete": _nothing})


def _nothing(physical_id, properties):
    """Vanishes with what it belongs to."""


def _recorded(kind):
    def create(logical_id, properties, stack_name):
        return properties.get("Name") or f"{stack_name}-{logical_id}", {"Arn": f"arn:aws:stub:::{kind}/{logical_id}"}

    return create


def _associate(logical_id, properties, stack_name):
    strategy = [_lower(item) for item in properties.get("DefaultCapacityProviderStrategy", [])]
    providers = properties.get("CapacityProviders", [])
    cluster = properties["Cluster"]
    _check(
        ecs._put_cluster_capacity_providers(
            {"cluster": cluster, "capacityProviders": providers, "defaultCapacityProviderStrategy": strategy}
        )
    )
    # Ref gives the cluster's name (CloudFormation Template Reference, ClusterCapacityProviderAssociations).
    return cluster, {}


def _make_user(logical_id, properties, stack_name):
    # The parameters of AdminCreateUser (CloudFormation Template Reference, UserPoolUser).
    _check(cognito._admin_create_user(properties))
    return properties["Username"], {}


def _delete_user(physical_id, properties):
    cognito._admin_delete_user({"UserPoolId": properties["UserPoolId"], "Username": physical_id})


def _join_group(logical_id, properties, stack_name):
    _check(cognito._admin_add_user_to_group(properties))
    return f"{properties['UserPoolId']}-{properties['GroupName']}-{properties['Username']}", {}


def _lower(item):
    return {key[0].lower() + key[1:]: value for key, value in item.items()}


def _check(answer):
    status, _, body = answer
    if status != 200:
        raise ValueError(json.loads(body).get("message", body))
