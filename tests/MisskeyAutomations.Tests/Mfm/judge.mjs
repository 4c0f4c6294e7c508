// Reads JSON texts, one a line, and says of each what Misskey's reader of MFM takes from it.
import * as mfm from 'mfm-js';
import { createInterface } from 'node:readline';

const kinds = { mention: node => node.props.acct, hashtag: node => node.props.hashtag, fn: node => node.props.name, link: node => node.props.url, url: node => node.props.url };

for await (const line of createInterface({ input: process.stdin })) {
  const found = { mention: [], hashtag: [], fn: [], link: [], url: [], other: [] };
  const visit = nodes => nodes.forEach(node => {
    if (node.type in kinds) found[node.type].push(kinds[node.type](node));
    else if (node.type !== 'text') found.other.push(node.type);
    // The label of a link is read without links and mentions, as Misskey shows it.
    if (node.children) visit(node.children);
  });
  visit(mfm.parse(JSON.parse(line)));
  console.log(JSON.stringify(found));
}
