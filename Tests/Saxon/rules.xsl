<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes a stylesheet of Schematron rules, those embedded in RELAX NG included: it tells, for each finding, a line of
     the node's path and the message. -->
<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:out="urn:x-marginalia:out"
    xmlns:sch="http://purl.oclc.org/dsdl/schematron" exclude-result-prefixes="sch">
  <xsl:namespace-alias stylesheet-prefix="out" result-prefix="xsl"/>
  <xsl:output indent="no"/>

  <!-- A rule that stands alone is a pattern. -->
  <xsl:variable name="patterns" select="//sch:pattern | //sch:rule[not(parent::sch:pattern)]"/>

  <xsl:template match="/">
    <out:stylesheet version="3.0">
      <xsl:apply-templates select="//sch:ns"/>
      <out:output method="text"/>
      <out:template match="/">
        <xsl:for-each select="1 to count($patterns)">
          <out:apply-templates select="." mode="p{.}"/>
        </xsl:for-each>
      </out:template>
      <xsl:copy-of select="//xsl:key | //xsl:function"/>
      <xsl:apply-templates select="$patterns"/>
    </out:stylesheet>
  </xsl:template>

  <xsl:template match="sch:ns">
    <xsl:namespace name="{@prefix}" select="string(@uri)"/>
  </xsl:template>

  <xsl:template match="sch:pattern | sch:rule[not(parent::sch:pattern)]" priority="2">
    <xsl:variable name="mode" select="concat('p', index-of($patterns ! generate-id(), generate-id()))"/>
    <out:mode name="{$mode}" on-no-match="shallow-skip"/>
    <xsl:variable name="rules" select="self::sch:rule | sch:rule"/>
    <xsl:variable name="lets" select="sch:let[not(parent::sch:rule)]"/>
    <xsl:for-each select="$rules">
      <out:template match="{@context}" mode="{$mode}" priority="{1000 - position()}">
        <xsl:apply-templates select="$lets, sch:*"/>
        <out:apply-templates select="@* | node()" mode="{$mode}"/>
      </out:template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="sch:let">
    <out:variable name="{@name}" select="{@value}"/>
  </xsl:template>

  <xsl:template match="sch:assert | sch:report">
    <out:if test="{if (self::sch:report) then @test else concat('not(', @test, ')')}">
      <out:variable name="message"><xsl:apply-templates mode="message"/></out:variable>
      <out:value-of select="path(.)"/>
      <out:text><xsl:text>&#9;</xsl:text></out:text>
      <out:value-of select="normalize-space($message)"/>
      <out:text><xsl:text>&#10;</xsl:text></out:text>
    </out:if>
  </xsl:template>

  <xsl:template match="text()" mode="message"><out:text><xsl:value-of select="."/></out:text></xsl:template>
  <xsl:template match="sch:value-of" mode="message"><out:value-of select="{@select}"/></xsl:template>
  <xsl:template match="sch:name" mode="message"><out:value-of select="name({(@path, '.')[1]})"/></xsl:template>
</xsl:stylesheet>
