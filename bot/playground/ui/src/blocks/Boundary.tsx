import { Component, type ReactNode } from "react";

interface Props {
  /** What is drawn; when it changes, drawing is tried again. */
  of: unknown;
  type: string;
  children: ReactNode;
}

/** Keeps a block that cannot be drawn from taking the page with it. */
export class Boundary extends Component<Props, { failed: unknown }> {
  override state = { failed: null };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: null });
  }

  override render() {
    if (this.state.failed) return <p className="unknown">[{this.props.type}] could not be drawn</p>;
    return this.props.children;
  }
}
