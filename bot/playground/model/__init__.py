"""The playground's language model: a real, small one in a process of its own, and a look-out for bigger ones."""
