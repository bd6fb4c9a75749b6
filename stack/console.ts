import { Aws, Fn, type Stack } from "aws-cdk-lib";
import { CfnDistribution, CfnOriginAccessControl, CfnResponseHeadersPolicy } from "aws-cdk-lib/aws-cloudfront";
import { addBucketPolicy, type Data } from "./data.ts";

/** The managed policy CachingOptimized of CloudFront. */
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const yearSeconds = 365 * 24 * 60 * 60;

/** Adds the distribution that serves the console's bucket, and nothing else may read it. Gives the console's address. */
export function addConsole(stack: Stack, data: Data): string {
  const access = new CfnOriginAccessControl(stack, "ConsoleAccess", {
    originAccessControlConfig: {
      name: Fn.join("-", [Aws.STACK_NAME, Aws.REGION]),
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    },
  });
  const distribution = new CfnDistribution(stack, "Distribution", {
    distributionConfig: {
      enabled: true,
      comment: `${Aws.STACK_NAME}: console of Loadfleet`,
      defaultRootObject: "index.html",
      httpVersion: "http2and3",
      ipv6Enabled: true,
      priceClass: "PriceClass_100",
      origins: [
        {
          id: "console",
          domainName: data.console.attrRegionalDomainName,
          originAccessControlId: access.attrId,
          // What a bucket with origin access control still has to say.
          s3OriginConfig: { originAccessIdentity: "" },
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "console",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachePolicyId: cachingOptimized,
        compress: true,
        responseHeadersPolicyId: addHeaders(stack, data).attrId,
      },
    },
  });
  const distributionArn = `arn:${Aws.PARTITION}:cloudfront::${Aws.ACCOUNT_ID}:distribution/${distribution.ref}`;
  addBucketPolicy(stack, "ConsoleBucketPolicy", data.console, [
    {
      Sid: "DistributionReads",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${data.console.attrArn}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
    },
  ]);
  return `https://${distribution.attrDomainName}`;
}

function addHeaders(stack: Stack, data: Data): CfnResponseHeadersPolicy {
  const override = true;
  return new CfnResponseHeadersPolicy(stack, "ConsoleHeaders", {
    responseHeadersPolicyConfig: {
      name: Fn.join("-", [Aws.STACK_NAME, Aws.REGION]),
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(data), override },
        contentTypeOptions: { override },
        frameOptions: { frameOption: "DENY", override },
        referrerPolicy: { referrerPolicy: "no-referrer", override },
        strictTransportSecurity: { accessControlMaxAgeSec: yearSeconds, includeSubdomains: true, override },
      },
      customHeadersConfig: {
        items: [
          { header: "Cross-Origin-Opener-Policy", value: "same-origin", override },
          { header: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()", override },
        ],
      },
    },
  });
}

// The API's own name would close a circle: its authorizer needs the user pool, whose invitation names the console.
function contentSecurityPolicy({ scenarios }: Data): string {
  const connect = [
    "'self'",
    `https://*.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`,
    `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`,
    `https://${scenarios.attrRegionalDomainName}`,
  ];
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src ${connect.join(" ")}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
