# Mistakes of people who begin, in place of the first paragraph of a memo: one message for each, with the remedy.
memo=$($M new memo)
memo=${memo/'<!-- <handNote xml:id="reader" scope="minor" medium="pencil"><?placeholder Name of the reader?></handNote> -->'/'<handNote xml:id="reader">Reader</handNote>'}
memo=${memo/'<p xml:id="p2"><?placeholder Second paragraph?></p>'/'<p xml:id="p2"><add hand="#reader">Second</add> paragraph</p>'}
first='<p xml:id="p1"><?placeholder First paragraph?></p>'
n=0
while IFS= read -r markup; do
  n=$((n + 1))
  case $markup in
    'closer '*) old='<closer>' new=${markup#closer } ;;
    'signed '*) old='<signed>' new=${markup#signed } ;;
    'behind '*) old='</closer>' new="</closer>${markup#behind }" ;;
    *) old=$first new=$markup ;;
  esac
  printf '%s' "${memo/"$old"/"$new"}" | $M validate --no-cache --ignore placeholder --stdin-path "$n.xml" - 2>&1 |
    grep -vE '^ *[0-9]* \| |^1 file:|^  note: '
done <<'END'
<p>First <add hand="reader">x</add></p>
<p>First <add hand="#raeder">x</add></p>
<p>First <persName ref="quill">x</persName></p>
closer <p>stray</p><closer>
closer stray words<closer>
closer <stamp type="received">RECEIVED</stamp><closer>
behind <div type="section"><p>Enclosure</p></div>
signed <list><item>cc: x</item></list><signed>
<list><label>1</label><item>a</item><item>b</item></list>
<p>First <u>x</u></p>
<p>First <b>x</b></p>
<p>First <i>x</i></p>
<p>First <strike>x</strike></p>
<p>First <deleted>x</deleted></p>
<p>First <ins>x</ins></p>
<p>First <handwritten>x</handwritten></p>
<p>First <footnote>x</footnote></p>
<p>First <note type="footnote">x</note></p>
<p>First <note type="handwritten">x</note></p>
<p>First <note>x</note></p>
<p>First <marginal>x</marginal></p>
<p>First <checkmark/></p>
<p>First <redacted>x</redacted></p>
<p>First <illegible/></p>
<p>First <gap/></p>
<p>First <gap reason="ilegible"/></p>
<p>First <add hand="#reader" place="lefthand">x</add></p>
<p>First <date date="1994">x</date></p>
<p>First <date when="3/14/1994">x</date></p>
<p>First <unclear cert="50%">x</unclear></p>
<p>First&nbsp;x</p>
<p>First&euro;x</p>
<p>First<br/>x</p>
<ul><item>x</item></ul>
<p>First <img/></p>
<p>First <persname>x</persname></p>
<p>First <person><persName>x</persName></person></p>
<P>First</P>
<p>First <hi class="x">y</hi></p>
<p>First <ref href="x">y</ref></p>
<p>First <p>x</p></p>
<p>First</p><head>late</head>
<p xml:id=“p1”>First</p>
<p>First & x</p>
<p>First < x</p>
<p>First <hi rend="underline">x</p>
<p>First <hi>x <add hand="#reader">y</hi></add></p>
<p xml:id="p2">First</p>
<p>First <!-- a -- b --></p>
<p>First <choice><gap reason="illegible"/><reg>x</reg></choice></p>
<p>First <lb>x</lb></p>
<persName>First</persName>
<p>First <persName><p>x</p></persName></p>
<p>First <add hand="#reader"><p>x</p></add></p>
<p>First <persName ref="#people.xml#x">x</persName></p>
<p>First <persname reff="#typist">x</persname></p>
<p>First <persname color="red">x</persname></p>
<p>First <quote><person><persName>x</persName></person></quote></p>
<p>First <head>x</head></p>
<p>First <sp><p>x</p></sp></p>
<list><p>First</p></list>
<list><ref>First</ref></list>
<p>First <locus>x</locus></p>
<p>First <date xmlns="">1994</date></p>
<p>First <ref target="#P2">x</ref></p>
<p>First <ref target="#p3">x</ref></p>
<list>First</list>
<table><p>First</p></table>
<p Xml:id="p1">First</p>
<p xml:i="p1">First</p>
<p>First <letter>x</letter></p>
<p>First<lb><hi>x</hi></lb></p>
END
