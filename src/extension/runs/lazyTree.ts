import { EventEmitter, type TreeDataProvider, type TreeItem } from "vscode";

/** Gives the items below one, or the uppermost. */
export type ItemsBelow = (parent: TreeItem | undefined) => Promise<readonly TreeItem[]>;

/** A tree whose items come from a feature that is loaded when the view is first shown. */
export class LazyTree implements TreeDataProvider<TreeItem> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #below: ItemsBelow;

  constructor(below: ItemsBelow) {
    this.#below = below;
  }

  /** Has the view ask for its items again. */
  readonly refresh = (): void => this.#changed.fire(undefined);

  async getChildren(parent?: TreeItem): Promise<TreeItem[]> {
    return [...(await this.#below(parent))];
  }

  getTreeItem(item: TreeItem): TreeItem {
    return item;
  }
}
