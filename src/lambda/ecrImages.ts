import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  ListBuildsForProjectCommand,
} from "@aws-sdk/client-codebuild";
import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { explain } from "../aws/awsErrors.ts";
import type { ImageBuild, ImageSource, StoredImage } from "./image.ts";

/** What the stack's image is made and kept by. */
export interface ImagePlaces {
  readonly ecr: ECRClient;
  readonly codeBuild: CodeBuildClient;
  readonly repository: string;
  readonly project: string;
}

/** Asks CodeBuild and ECR for the stack's image. */
export function makeImageSource({ ecr, codeBuild, repository, project }: ImagePlaces): ImageSource {
  return {
    async newestBuild(signal) {
      const list = new ListBuildsForProjectCommand({ projectName: project, sortOrder: "DESCENDING" });
      const { ids } = await explain("list the builds of the image", codeBuild.send(list, { abortSignal: signal }));
      const [newest] = ids ?? [];
      if (newest === undefined) return undefined;
      const get = new BatchGetBuildsCommand({ ids: [newest] });
      const { builds } = await explain(
        "read the newest build of the image",
        codeBuild.send(get, { abortSignal: signal }),
      );
      const [build] = builds ?? [];
      return build && describeBuild(newest, build);
    },
    async images(signal) {
      const images: StoredImage[] = [];
      let nextToken: string | undefined;
      do {
        const describe = new DescribeImagesCommand({ repositoryName: repository, nextToken });
        const page = await explain("list the images", ecr.send(describe, { abortSignal: signal }));
        for (const { imageTags, imagePushedAt } of page.imageDetails ?? [])
          images.push({ tags: imageTags ?? [], pushedAtMs: imagePushedAt?.getTime() ?? 0 });
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return images;
    },
  };
}

function describeBuild(id: string, { buildStatus, phases }: Build): ImageBuild {
  const failed = phases?.find(
    ({ phaseStatus }) => phaseStatus !== undefined && !["SUCCEEDED", "IN_PROGRESS"].includes(phaseStatus),
  );
  const message = failed?.contexts?.find((context) => context.message)?.message;
  const reason =
    failed === undefined ? undefined : `Phase ${failed.phaseType ?? "?"}: ${message ?? failed.phaseStatus}`;
  return { id, status: buildStatus ?? "IN_PROGRESS", reason };
}
