/** Actions that stand on the resource `*`, because AWS knows no resource for them, each with what narrows it instead. */
export const unscopedActions = {
  "cloudwatch:GetMetricData": "CloudWatch has no resources of metrics; reading only.",
  "cloudwatch:ListMetrics": "CloudWatch has no resources of metrics; reading only.",
  "cloudwatch:PutMetricData": "CloudWatch has no resources of metrics; a condition names the only namespace.",
  "ec2:DescribeSubnets": "EC2 describes without resources; reading only.",
  "ecr:GetAuthorizationToken":
    "The token is the registry's; what it opens is what the role may do with the repository.",
  "ecs:ListTasks": "ECS lists by cluster; a condition names the only cluster.",
  "logs:CreateLogDelivery": "Deliveries of logs have no resources; Step Functions needs them for the machine's log.",
  "logs:DeleteLogDelivery": "See logs:CreateLogDelivery.",
  "logs:DescribeLogGroups": "See logs:CreateLogDelivery.",
  "logs:DescribeResourcePolicies": "See logs:CreateLogDelivery.",
  "logs:GetLogDelivery": "See logs:CreateLogDelivery.",
  "logs:ListLogDeliveries": "See logs:CreateLogDelivery.",
  "logs:PutResourcePolicy": "See logs:CreateLogDelivery.",
  "logs:UpdateLogDelivery": "See logs:CreateLogDelivery.",
  "pricing:GetProducts": "Prices have no resources and are public; reading only.",
  "servicequotas:GetServiceQuota": "Quotas are read without resources; reading only.",
} as const;
export type UnscopedAction = keyof typeof unscopedActions;
